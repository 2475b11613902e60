/** English of a flow: what its packages' `english.json` say, and every title that has both languages anyway. */
import type { CompiledFlow, EnglishJson } from '../../../contracts/flow.ts';

type Said = Pick<CompiledFlow, 'flow' | 'steps' | 'forms' | 'documents' | 'results' | 'graph'>;

const HAN = /\p{Script=Han}/u;
const PLACE = /\{[a-z]+\}/;

/**
 * English of every Chinese text of the flow that has it. Longer words of the dictionary win over titles, which are
 * sometimes those of a button.
 */
export function englishOf(said: Said, dictionary: EnglishJson): EnglishJson {
  const known = { ...titlesOf([said.steps, said.documents, said.flow]), ...formTitles(said.forms), ...dictionary };
  const patterns = Object.entries(dictionary).filter(([zh]) => PLACE.test(zh));
  const texts = [...Object.keys(titlesOf([said.flow, said.documents, said.steps])), ...textsOf(said)];
  const all = [...new Set([...texts, ...Object.keys(formTitles(said.forms))])];
  return Object.fromEntries(all.flatMap((zh) => pair(zh, translate(zh, known, patterns))).sort(byText));
}

/** Texts of the flow that nothing says in English, in the order of the model: no fault, people then read Chinese. */
export function withoutEnglish({ english = {}, ...said }: CompiledFlow): string[] {
  return textsOf(said).filter((zh) => english[zh] === undefined);
}

/** What stands in Chinese only: names of the model, what its steps say, legal bases and conditions. */
function textsOf({ flow, steps, documents, results, graph }: Said): string[] {
  const texts = [
    ...graph.nodes.map(({ name }) => name),
    ...graph.flows.map(({ name }) => name),
    ...Object.values(results).map(({ zh }) => zh),
    ...Object.values(steps).flatMap((step) => [step.stage, step.instruction, ...step.outcomes.map((o) => o.basis)]),
    ...[...flow.legalBasis, ...flow.conditions],
    ...flow.clocks.flatMap((clock) => [clock.basis, clock.extend?.basis]),
    ...Object.values(documents).map(({ basis }) => basis),
  ];
  return [...new Set(texts.filter((text) => text !== undefined && HAN.test(text)) as string[])];
}

function translate(zh: string, known: EnglishJson, patterns: [string, string][]): string | undefined {
  if (known[zh] !== undefined) return known[zh];
  for (const [pattern, en] of patterns) {
    const [before = '', after = ''] = pattern.split(PLACE);
    if (zh.length <= before.length + after.length || !zh.startsWith(before) || !zh.endsWith(after)) continue;
    const inner = known[zh.slice(before.length, zh.length - after.length)];
    if (inner !== undefined) return en.replace(PLACE, inner);
  }
  return undefined;
}

/** Every `{ zh, en }` in it, the later one first in rank. */
function titlesOf(value: unknown): EnglishJson {
  if (typeof value !== 'object' || value === null) return {};
  const { zh, en } = value as { zh?: unknown; en?: unknown };
  const own = typeof zh === 'string' && typeof en === 'string' ? { [zh]: en } : {};
  return Object.assign(own, ...Object.values(value).map(titlesOf)) as EnglishJson;
}

const formTitles = (forms: Said['forms']): EnglishJson =>
  Object.fromEntries(Object.values(forms).flatMap(({ title, titleEn }) => (title ? pair(title, titleEn) : [])));

const pair = (zh: string, en: string | undefined): [string, string][] => (en === undefined ? [] : [[zh, en]]);
const byText = ([a]: [string, string], [b]: [string, string]): number => (a < b ? -1 : 1);
