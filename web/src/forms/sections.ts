/** The parts of a form as a person goes through them: its groups, and the materials before the part that is sealed. */
import type { AnyField, CompiledForm, Component, Group } from '../../../contracts/forms/index.ts';
import type { Lang } from '../../../contracts/kinds/index.ts';
import type { Finding, MaterialItem } from '../api/index.ts';

export interface Part {
  id: string;
  /** Place in the list, from 1. */
  number: number;
  title: string;
  kind: 'fields' | 'materials';
  components: Component[];
}

/** A part with what it still lacks. */
export interface Section extends Part {
  /** Not yet filled. */
  missing: number;
  /** Filled, but wrong. */
  wrong: number;
  unsealed: boolean;
}

const MATERIALS = 'materials';

export function labelIn(thing: { label: string; labelEn?: string }, lang: Lang): string {
  return lang === 'en' ? (thing.labelEn ?? thing.label) : thing.label;
}

export function partsOf(
  form: CompiledForm,
  hidden: ReadonlySet<string>,
  materials: MaterialItem[],
  lang: Lang,
): Part[] {
  const parts: Omit<Part, 'number'>[] = groupsOf(form)
    .map((group) => ({
      id: group.id,
      title: labelIn(group, lang),
      kind: 'fields' as const,
      components: group.components.filter((one) => one.type === 'note' || !hidden.has(one.key)),
    }))
    .filter((part) => part.components.some((one) => one.type !== 'note'));
  if (materials.some((item) => item.applies)) {
    const sealed = parts.findIndex((part) => part.components.some((one) => one.type === 'signature'));
    const at = sealed < 0 ? parts.length : sealed;
    parts.splice(at, 0, {
      id: MATERIALS,
      title: lang === 'en' ? 'Materials' : '材料',
      kind: 'materials',
      components: [],
    });
  }
  return parts.map((part, i) => ({ ...part, number: i + 1 }));
}

export function withFindings(parts: Part[], errors: Finding[]): Section[] {
  return parts.map((part) => {
    const here = errors.filter((one) => belongs(one.path, part));
    const missing = here.filter((one) => one.code === 'missing' || part.kind === 'materials');
    const unsealed = missing.length === 1 && here.length === 1 && isSignature(part.components, missing[0]!.path);
    return { ...part, missing: missing.length, wrong: here.length - missing.length, unsealed };
  });
}

/** Findings in the order in which a person meets their places. */
export function inOrder(parts: Part[], findings: Finding[]): Finding[] {
  const rank = new Map<string, number>();
  for (const part of parts) {
    if (part.kind === 'materials') rank.set(MATERIALS, rank.size);
    for (const one of part.components) if (one.type !== 'note') rank.set(one.key, rank.size);
  }
  const of = (finding: Finding) => rank.get(finding.path.split('/')[0]!) ?? rank.size;
  return findings
    .map((one, i) => ({ one, i }))
    .sort((a, b) => of(a.one) - of(b.one) || a.i - b.i)
    .map(({ one }) => one);
}

/** The section in which a finding is mended. */
export function sectionOf(sections: Part[], path: string): Part | undefined {
  return sections.find((section) => belongs(path, section));
}

function belongs(path: string, part: Pick<Part, 'kind' | 'components'>): boolean {
  const head = path.split('/')[0];
  if (part.kind === 'materials') return head === MATERIALS;
  return part.components.some((one) => one.type !== 'note' && one.key === head);
}

const isSignature = (components: Component[], path: string) =>
  components.some((one) => one.type === 'signature' && one.key === path);

/** Fields outside any group stand in one of their own. */
function groupsOf(form: CompiledForm): Group[] {
  const loose: (AnyField | Component)[] = [];
  const groups = form.schema.components.flatMap((component) => {
    if (component.type === 'group') return [component];
    loose.push(component);
    return [];
  });
  if (loose.length === 0) return groups;
  return [{ type: 'group', id: 'fields', label: form.schema.title ?? '', components: loose as Component[] }, ...groups];
}
