import { useQueryClient } from '@tanstack/vue-query';
import { computed, proxyRefs, reactive, shallowRef, watch, type Ref } from 'vue';
import { useAction, useApi, type ProblemError, type Versions } from '../api/index.ts';

type Texts = Record<string, string>;

export interface FormField<K extends string = string> {
  /** Where the server's field problems point, too. */
  key: K;
  label: string;
  hint?: string;
  /** Characters at most; 100 where it isn't said. */
  max?: number;
}

/** What `FormDialog` shows. */
export interface Form<V extends Texts = Texts> {
  values: V;
  /** Something was typed that would be lost. */
  isDirty: boolean;
  busy: boolean;
  problem: ProblemError | null;
  /** Answers whether all is saved. */
  save(): Promise<boolean>;
}

/** A form over a version: where somebody else was faster, both, and which of one's own are kept. */
export interface Edit<V extends Texts = Texts> extends Form<V> {
  stale: boolean;
  versions: { key: string; label: string; theirs: string; mine: string }[];
  choose(mine: string[]): Promise<boolean>;
}

export interface Editing<V extends Texts> {
  path: string;
  values: V;
  version: number;
  fields: FormField<keyof V & string>[];
  /** What is sent for the fields that were changed. */
  bodyOf(values: V, changed: (keyof V & string)[]): object;
  /** The texts of a version as the server has it. */
  textsOf(version: unknown): Partial<V>;
  /** How a version reads, where that is not its texts. */
  saidOf?(version: unknown): Partial<V>;
  /** Queries that show the record. */
  shownBy: string[];
}

/** Changes over the version that was seen; where somebody else was faster, both versions are there to choose from. */
export function useEdit<V extends Texts>(editing: Editing<V>): Edit<V> {
  const { path, fields, bodyOf, textsOf, saidOf = textsOf, shownBy } = editing;
  const api = useApi();
  const client = useQueryClient();
  const values = reactive({ ...editing.values }) as V;
  const before = shallowRef<V>(editing.values);
  let seen = editing.version;
  const changed = () => Object.keys(before.value).filter((key) => values[key] !== before.value[key]);
  const isDirty = computed(() => changed().length > 0);
  const { busy, problem, run } = useAction(async (key, body: object) => {
    await api.patch(path, body, { key });
    return true;
  });
  const newer = computed(() =>
    problem.value?.code === 'stale' ? (problem.value.facts as unknown as Versions<unknown, number>) : null,
  );
  /** Fields that both have changed, differently. */
  const versions = computed(() => {
    if (!newer.value) return [];
    const theirs: Partial<Texts> = textsOf(newer.value.theirs);
    const said: Partial<Texts>[] = [saidOf(newer.value.theirs), saidOf(newer.value.yours)];
    return fields
      .filter(({ key }) => changed().includes(key) && theirs[key] !== before.value[key] && theirs[key] !== values[key])
      .map(({ key, label }) => ({ key, label, theirs: said[0]![key] ?? '', mine: said[1]![key] ?? '' }));
  });
  /** Answers whether all is saved. What somebody else has changed beside it stays as they have it. */
  async function save(): Promise<boolean> {
    if (!isDirty.value) return true;
    const done = await run({ ...bodyOf(values, changed()), version: seen });
    if (done || newer.value) await Promise.all(shownBy.map((key) => client.invalidateQueries({ queryKey: [key] })));
    if (done) before.value = { ...values };
    return done ?? (newer.value !== null && versions.value.length === 0 && choose([]));
  }
  /** `mine`: disputed fields of which the own version is kept. */
  async function choose(mine: string[]): Promise<boolean> {
    const theirs = textsOf(newer.value!.theirs);
    const disputed: string[] = versions.value.map(({ key }) => key);
    const kept = changed().filter((key) => !disputed.includes(key) || mine.includes(key));
    seen = newer.value!.seen!;
    before.value = { ...before.value, ...theirs };
    for (const [key, text] of Object.entries(theirs)) if (!kept.includes(key)) Object.assign(values, { [key]: text });
    problem.value = null;
    return kept.length > 0 && save();
  }
  /** Closing it gives the own version up for now; what was typed stays. */
  const stale = computed({ get: () => newer.value !== null, set: (now) => now || (problem.value = null) });
  return proxyRefs({ values, isDirty, busy, problem, save, stale, versions, choose }) as Edit<V>;
}

/** A new record: empty each time its dialog opens. */
export function useNew<V extends Texts>(
  open: Ref<boolean>,
  empty: V,
  make: (key: string, values: V) => Promise<void>,
): Form<V> {
  const values = reactive({ ...empty }) as V;
  const isDirty = computed(() => Object.entries(empty).some(([key, text]) => values[key] !== text));
  const { busy, problem, run } = useAction(async (key, typed: V) => {
    await make(key, typed);
    return true;
  });
  watch(open, () => {
    Object.assign(values, empty);
    problem.value = null;
  });
  const save = async () => (await run({ ...values })) ?? false;
  return proxyRefs({ values, isDirty, busy, problem, save }) as Form<V>;
}
