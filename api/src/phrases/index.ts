/** Texts for opinions: each person's own, and those that the head of an office keeps for its people. */
import { z } from 'zod';
import { PhraseBody, PhraseChange, PhraseList } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import {
  defineRoute,
  invalidInput,
  notAllowed,
  notFound,
  staleWrite,
  type AnyRoute,
  type Core,
  type Who,
} from '../core/index.ts';

interface PhraseOf {
  id: string;
  person_id: string | null;
  office: string | null;
  flow: string | null;
  step: string | null;
  outcome: string | null;
  text: string;
  version: number;
}

/** One owner has so many at most: a longer list is no help. */
const MOST = 200;

/** Offices whose phrases somebody keeps. */
const kept = (who: Who): string[] =>
  who.grants.filter(({ role }) => role === 'leader' || role === 'admin').map(({ office }) => office);

export interface PhraseDeps {
  /** The newest release of each flow. */
  flows: { all(): Promise<Release[]> };
}

export function phraseRoutes({ db, time }: Pick<Core, 'db' | 'time'>, { flows }: PhraseDeps): AnyRoute[] {
  const params = z.object({ phrase: z.uuid() });
  const mayEdit = (who: Who, { person_id: person, office }: PhraseOf) =>
    person === who.personId || kept(who).includes(office ?? '');

  async function editable(who: Who, id: string): Promise<PhraseOf> {
    const phrase: PhraseOf | undefined = await db('phrase').where({ id }).first();
    if (!phrase || !mayEdit(who, phrase)) throw notFound();
    return phrase;
  }

  return [
    defineRoute({
      method: 'get',
      path: '/phrases',
      title: { zh: '常用语', en: 'Phrases for opinions' },
      rights: { kind: 'staff' },
      query: z.object({ flow: z.string().max(60).optional(), step: z.string().max(60).optional() }),
      answer: PhraseList,
      async handle({ who, query: { flow, step } }) {
        const query = db('phrase')
          .where((mine) =>
            mine.where({ person_id: who.personId }).orWhereIn(
              'office',
              who.grants.map(({ office }) => office),
            ),
          )
          .orderByRaw('step is null, flow is null, person_id is null, at, id');
        if (flow) query.where((fits) => fits.whereNull('flow').orWhere({ flow }));
        if (step) query.where((fits) => fits.whereNull('step').orWhere({ step }));
        const [rows, releases]: [PhraseOf[], Release[]] = await Promise.all([query, flows.all()]);
        return {
          rows: rows.map((phrase) => ({
            id: phrase.id,
            text: phrase.text,
            of: phrase.person_id ? ('own' as const) : ('office' as const),
            flow: phrase.flow,
            step: phrase.step,
            outcome: phrase.outcome,
            where: whereOf(phrase, releases),
            editable: mayEdit(who, phrase),
            version: phrase.version,
          })),
          office: kept(who).length > 0,
        };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/phrases',
      title: { zh: '存为常用语', en: 'Keep a phrase' },
      rights: { kind: 'staff' },
      body: PhraseBody,
      answer: z.object({ id: z.string() }),
      async handle({ who, body: { text, of, flow, step, outcome } }) {
        const [office] = kept(who);
        if (of === 'office' && !office) throw notAllowed();
        if ((step && !flow) || (outcome && !step))
          throw invalidInput({
            fields: [
              { path: step ? 'flow' : 'step', zh: '写明是哪个事项、哪个环节', en: 'Say of which flow and step' },
            ],
          });
        const owner = of === 'office' ? { office } : { person_id: who.personId };
        const [{ count }] = await db('phrase').where(owner).count();
        if (Number(count) >= MOST)
          throw invalidInput({
            fields: [
              { path: 'text', zh: `已有 ${MOST} 条，删去不用的再存`, en: `${MOST} are kept; remove some first` },
            ],
          });
        const [{ id }] = await db('phrase')
          .insert({ ...owner, flow, step, outcome, text, at: time.now() })
          .returning('id');
        return { id };
      },
    }),
    defineRoute({
      method: 'patch',
      path: '/phrases/:phrase',
      title: { zh: '修改常用语', en: 'Change a phrase' },
      rights: { kind: 'object' },
      params,
      body: PhraseChange,
      answer: z.object({}),
      async handle({ who, params: { phrase }, body: { text, version } }) {
        const { id } = await editable(who, phrase);
        const changed = await db('phrase')
          .where({ id, version })
          .update({ text, version: version + 1 });
        if (changed > 0) return {};
        const now = await editable(who, phrase);
        throw staleWrite({ seen: now.version, theirs: { text: now.text }, yours: { text } });
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/phrases/:phrase',
      title: { zh: '删除常用语', en: 'Remove a phrase' },
      rights: { kind: 'object' },
      params,
      answer: z.object({}),
      async handle({ who, params: { phrase } }) {
        const { id } = await editable(who, phrase);
        await db('phrase').where({ id }).delete();
        return {};
      },
    }),
  ];
}

/** Names as the newest release has them; an id where it has them no more. */
function whereOf({ flow, step, outcome }: PhraseOf, releases: Release[]): { zh: string; en: string } | null {
  if (!flow) return null;
  const found = releases.find((release) => release.package.flow.id === flow)?.package;
  const at = step ? found?.steps[step] : undefined;
  const answer = at?.outcomes.find(({ id }) => id === outcome);
  const title = found?.flow.title ?? { zh: flow, en: flow };
  return {
    zh: `${title.zh}${step ? `「${at?.name.zh ?? step}」` : ''}${outcome ? `：${answer?.zh ?? outcome}` : ''}`,
    en: `${title.en}${step ? `, “${at?.name.zh ?? step}”` : ''}${outcome ? `: ${answer?.en ?? outcome}` : ''}`,
  };
}
