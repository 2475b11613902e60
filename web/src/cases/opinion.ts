import { onScopeDispose, ref, watch, type Ref } from 'vue';
import { ProblemError, useApi, type OpinionAnswer, type TaskView, type Versions } from '../api/index.ts';
import { useMe } from '../identity/session.ts';
import { useUnsaved } from '../shell/unsaved.ts';

const PAUSE_MS = 700;
const RETRY_MS = 5_000;

/**
 * The opinion on a task while it is typed: saved on the server after a short pause, and in this tab until the server
 * has it, so that nothing typed is lost (PLT-2.3).
 */
export function useOpinion(task: Ref<TaskView | undefined>) {
  const api = useApi();
  const me = useMe();
  const keptAs = (id: string) => `zhunyu.opinion.${me.personId}.${id}`;
  const text = ref('');
  const savedAt = ref<string | null>(null);
  const state = ref<'saved' | 'typing' | 'saving' | 'failed' | 'stale'>('saved');
  /** What another device of this person saved meanwhile. */
  const other = ref<Versions<string> | null>(null);
  useUnsaved(
    () => state.value !== 'saved',
    () => state.value === 'failed' || state.value === 'stale',
  );
  let taskId = '';
  let timer: ReturnType<typeof setTimeout> | undefined;

  watch(
    () => task.value?.id,
    (id) => {
      void flush();
      taskId = id ?? '';
      const kept = id ? keptText(keptAs(id)) : null;
      text.value = kept?.opinion ?? task.value?.draft?.opinion ?? '';
      savedAt.value = kept ? kept.seen : (task.value?.draft?.savedAt ?? null);
      other.value = null;
      state.value = 'saved';
      if (kept !== null) void save();
    },
    { immediate: true },
  );

  function typed(value: string) {
    text.value = value;
    state.value = 'typing';
    keep();
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE_MS);
  }
  const keep = () =>
    sessionStorage.setItem(keptAs(taskId), JSON.stringify({ opinion: text.value, seen: savedAt.value } satisfies Kept));

  async function save(): Promise<void> {
    clearTimeout(timer);
    const [id, opinion] = [taskId, text.value];
    if (!id || other.value) return;
    state.value = 'saving';
    try {
      const answer = await api.put<OpinionAnswer>(`/tasks/${id}/opinion`, { opinion, seen: savedAt.value });
      if (id !== taskId) return;
      savedAt.value = answer.savedAt;
      if (opinion !== text.value) return keep();
      state.value = 'saved';
      sessionStorage.removeItem(keptAs(id));
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      if (id !== taskId) return;
      if (error.code === 'stale') {
        other.value = error.facts as unknown as Versions<string>;
        state.value = 'stale';
        return;
      }
      state.value = 'failed';
      if (error.passing) timer = setTimeout(save, RETRY_MS);
    }
  }
  /** Keeps one's own text in place of the one saved elsewhere, or takes that. */
  async function choose(which: 'mine' | 'theirs'): Promise<void> {
    if (!other.value) return;
    const { seen, theirs } = other.value;
    other.value = null;
    savedAt.value = seen;
    if (which === 'mine') return save();
    text.value = theirs;
    settled();
  }
  /** Saves at once what still waits for the pause. */
  async function flush(): Promise<void> {
    if (taskId && state.value === 'typing') await save();
  }
  /** The opinion went with the decision. */
  function settled() {
    clearTimeout(timer);
    sessionStorage.removeItem(keptAs(taskId));
    state.value = 'saved';
  }
  onScopeDispose(() => {
    void flush();
    clearTimeout(timer);
  });
  return { text, savedAt, state, other, typed, choose, flush, settled };
}

/** What was typed and not saved yet, over what. */
interface Kept {
  opinion: string;
  seen: string | null;
}

function keptText(as: string): Kept | null {
  try {
    return JSON.parse(sessionStorage.getItem(as) ?? 'null') as Kept | null;
  } catch {
    return null;
  }
}

export type Opinion = ReturnType<typeof useOpinion>;
