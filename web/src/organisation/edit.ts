/** Changes over the version that was seen; where somebody else was faster, both versions are there to choose from. */
import { computed, reactive } from 'vue';
import { useAction, useApi, type Versions } from '../api/index.ts';

type Texts = Record<string, string>;

export interface Editing<V extends Texts> {
  path: string;
  values: V;
  version: number;
  labels: Record<keyof V & string, string>;
  /** What is sent for the fields that were changed. */
  bodyOf(values: V, changed: (keyof V & string)[]): object;
  /** The texts of what the server has now. */
  textsOf(theirs: unknown): Partial<V>;
}

export function useEdit<V extends Texts>({ path, values: from, version, labels, bodyOf, textsOf }: Editing<V>) {
  const api = useApi();
  const values = reactive({ ...from }) as V;
  let before: V = from;
  let seen = version;
  const changed = () => Object.keys(before).filter((key) => values[key] !== before[key]);
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
    const theirs: Record<string, string | undefined> = textsOf(newer.value.theirs);
    return changed()
      .filter((key) => theirs[key] !== before[key] && theirs[key] !== values[key])
      .map((key) => ({ key, label: labels[key]!, theirs: theirs[key] ?? '', mine: values[key]! }));
  });
  /** Answers whether all is saved. What somebody else has changed beside it stays as they have it. */
  async function save(): Promise<boolean> {
    if (changed().length === 0) return true;
    if (await run({ ...bodyOf(values, changed()), version: seen })) return true;
    return newer.value !== null && versions.value.length === 0 && choose([]);
  }
  /** `mine`: disputed fields of which the own version is kept. */
  async function choose(mine: string[]): Promise<boolean> {
    const theirs = textsOf(newer.value!.theirs);
    const disputed = versions.value.map(({ key }) => key);
    const kept = changed().filter((key) => !disputed.includes(key) || mine.includes(key));
    seen = newer.value!.seen!;
    before = { ...before, ...theirs };
    for (const [key, text] of Object.entries(theirs)) if (!kept.includes(key)) Object.assign(values, { [key]: text });
    problem.value = null;
    return kept.length > 0 && save();
  }
  return { values, busy, problem, save, newer, versions, choose };
}
