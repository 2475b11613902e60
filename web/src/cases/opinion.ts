import { onScopeDispose, ref, watch, type Ref } from 'vue';
import { ProblemError, useApi, type OpinionAnswer, type TaskView } from '../api/index.ts';
import { useMe } from '../identity/session.ts';

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
  const state = ref<'saved' | 'typing' | 'saving' | 'failed'>('saved');
  let taskId = '';
  let timer: ReturnType<typeof setTimeout> | undefined;

  watch(
    () => task.value?.id,
    (id) => {
      void flush();
      taskId = id ?? '';
      const kept = id ? sessionStorage.getItem(keptAs(id)) : null;
      text.value = kept ?? task.value?.draft?.opinion ?? '';
      savedAt.value = task.value?.draft?.savedAt ?? null;
      state.value = 'saved';
      if (kept !== null) void save();
    },
    { immediate: true },
  );

  function typed(value: string) {
    text.value = value;
    state.value = 'typing';
    sessionStorage.setItem(keptAs(taskId), value);
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE_MS);
  }

  async function save(): Promise<void> {
    clearTimeout(timer);
    const [id, opinion] = [taskId, text.value];
    if (!id) return;
    state.value = 'saving';
    try {
      const answer = await api.put<OpinionAnswer>(`/tasks/${id}/opinion`, { opinion });
      if (id !== taskId || opinion !== text.value) return;
      savedAt.value = answer.savedAt;
      state.value = 'saved';
      sessionStorage.removeItem(keptAs(id));
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      if (id !== taskId) return;
      state.value = 'failed';
      if (error.passing) timer = setTimeout(save, RETRY_MS);
    }
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
  return { text, savedAt, state, typed, flush, settled };
}

export type Opinion = ReturnType<typeof useOpinion>;
