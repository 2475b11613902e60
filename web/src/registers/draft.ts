/** What somebody prepares for an entry: kept on the server at each pause, written into the register when told. */
import { useQueryClient } from '@tanstack/vue-query';
import { computed, onScopeDispose, reactive, ref } from 'vue';
import {
  useAction,
  useApi,
  ProblemError,
  type RegisterChange,
  type RegisterDraft,
  type RegisterImport,
  type Versions,
} from '../api/index.ts';
import { useUnsaved } from '../shell/unsaved.ts';
import { withMine } from './versions.ts';

type Data = Record<string, unknown>;

const PAUSE_MS = 800;

export function useDraft(register: string, item: string) {
  const api = useApi();
  const client = useQueryClient();
  const at = `/registers/${register}/${item}/draft`;
  const change = reactive<RegisterChange>({ fields: {}, children: {} });
  const savedAt = ref<string | null>(null);
  const loading = ref(true);
  const problem = ref<unknown>(null);
  const isDirty = ref(false);
  const saveProblem = ref<ProblemError | null>(null);
  /** What another device or tab of this person saved meanwhile. */
  const other = computed(() =>
    saveProblem.value?.code === 'stale' ? (saveProblem.value.facts as unknown as Versions<RegisterChange>) : null,
  );
  useUnsaved(
    () => isDirty.value,
    () => isDirty.value && saveProblem.value !== null,
  );
  let pause: ReturnType<typeof setTimeout> | undefined;
  let sending = Promise.resolve();

  function take(draft: RegisterDraft) {
    change.fields = draft.change.fields;
    change.children = draft.change.children;
    savedAt.value = draft.savedAt;
  }

  async function load() {
    loading.value = true;
    problem.value = null;
    try {
      take(await api.get<RegisterDraft>(at));
    } catch (error) {
      problem.value = error;
    } finally {
      loading.value = false;
    }
  }

  /** One after the other, so that an older text never arrives last. */
  function save(): Promise<void> {
    clearTimeout(pause);
    sending = sending.then(async () => {
      if (!isDirty.value || other.value) return;
      const typed = JSON.stringify(change);
      try {
        const body = { ...(JSON.parse(typed) as RegisterChange), seen: savedAt.value };
        savedAt.value = (await api.put<RegisterDraft>(at, body)).savedAt;
        isDirty.value = JSON.stringify(change) !== typed;
        saveProblem.value = null;
      } catch (error) {
        saveProblem.value = error as ProblemError;
      }
    });
    return sending;
  }

  /** Goes on from what was saved elsewhere, with one's own version of the parts of these keys. */
  async function choose(mine: string[]): Promise<void> {
    const { seen, theirs } = other.value!;
    Object.assign(change, withMine(theirs, change, mine));
    savedAt.value = seen;
    saveProblem.value = null;
    isDirty.value = mine.length > 0;
    await save();
  }

  function touched() {
    isDirty.value = true;
    clearTimeout(pause);
    pause = setTimeout(() => void save(), PAUSE_MS);
  }

  function setField(id: string, value: unknown) {
    change.fields[id] = value;
    touched();
  }

  const same = (key: string[], a: Data, b: Data) => key.every((id) => (a[id] ?? null) === (b[id] ?? null));

  /** Puts a row in the place of the one of the same name. */
  function keepRow(child: string, key: string[], row: Data) {
    const others = (change.children[child] ?? []).filter((one) => !same(key, one, row));
    change.children[child] = [...others, row];
    touched();
  }

  function dropRow(child: string, index: number) {
    change.children[child] = (change.children[child] ?? []).filter((_, i) => i !== index);
    touched();
  }

  /** @throws ProblemError where the sheet cannot be read */
  async function importRows(child: string, file: File): Promise<RegisterImport> {
    await save();
    if (saveProblem.value) throw saveProblem.value;
    const answer = await api.send<RegisterImport>(`${at}/rows/${child}/import`, file);
    take(answer.draft);
    return answer;
  }

  const ended = async () => {
    isDirty.value = false;
    clearTimeout(pause);
    await client.invalidateQueries({ queryKey: ['register'] });
    return true;
  };
  const applying = useAction(async (key) => {
    await save();
    if (saveProblem.value) throw saveProblem.value;
    try {
      await api.post(`${at}/apply`, { seen: savedAt.value }, { key });
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'stale') saveProblem.value = error;
      throw error;
    }
    return ended();
  });
  const discarding = useAction(async (key) => {
    clearTimeout(pause);
    await sending;
    await api.delete(at, { key });
    return ended();
  });

  onScopeDispose(() => void save());
  void load();
  const isEmpty = computed(
    () => Object.keys(change.fields).length === 0 && Object.values(change.children).every((rows) => rows.length === 0),
  );
  const state = { change, savedAt, isDirty, isEmpty, loading, problem, saveProblem, other };
  return { ...state, load, choose, setField, keepRow, dropRow, importRows, applying, discarding };
}
export type Draft = ReturnType<typeof useDraft>;
