import { computed, onScopeDispose, reactive, ref, shallowRef, watch, type Ref } from 'vue';
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
  const state = ref<'saved' | 'typing' | 'saving' | 'failed' | 'stale'>('saved');
  /** What another device of this person saved meanwhile. */
  const other = ref<Versions<string> | null>(null);
  useUnsaved(
    () => state.value !== 'saved',
    () => state.value === 'failed' || state.value === 'stale',
  );
  const draft = shallowRef<Draft>(reactive({ taskId: '', savedAt: null }));
  const savedAt = computed(() => draft.value.savedAt);
  /** One request at a time: the next one is about what the server has then. */
  let sending: Promise<void> = Promise.resolve();
  let timer: ReturnType<typeof setTimeout> | undefined;

  watch(
    () => task.value?.id,
    (id) => {
      void flush();
      const kept = id ? keptText(keptAs(id)) : null;
      const last = kept ? kept.seen : (task.value?.draft?.savedAt ?? null);
      draft.value = reactive({ taskId: id ?? '', savedAt: last });
      text.value = kept?.opinion ?? task.value?.draft?.opinion ?? '';
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
  function keep() {
    const kept: Kept = { opinion: text.value, seen: savedAt.value };
    sessionStorage.setItem(keptAs(draft.value.taskId), JSON.stringify(kept));
  }

  function save(): Promise<void> {
    clearTimeout(timer);
    const [of, opinion] = [draft.value, text.value];
    if (!of.taskId || other.value) return Promise.resolve();
    state.value = 'saving';
    const sent = sending.then(() => send(of, opinion));
    sending = sent.catch(() => undefined);
    return sent;
  }
  async function send(of: Draft, opinion: string): Promise<void> {
    const isOpen = () => of === draft.value;
    if (isOpen() && other.value) return;
    try {
      const answer = await api.put<OpinionAnswer>(`/tasks/${of.taskId}/opinion`, { opinion, seen: of.savedAt });
      of.savedAt = answer.savedAt;
      if (!isOpen()) return;
      if (opinion !== text.value) return keep();
      state.value = 'saved';
      sessionStorage.removeItem(keptAs(of.taskId));
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      if (!isOpen()) return;
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
    draft.value.savedAt = seen;
    if (which === 'mine') return save();
    text.value = theirs;
    settled();
  }
  /** Saves at once what still waits for the pause; resolves when nothing is on its way any more. */
  async function flush(): Promise<void> {
    if (state.value === 'typing') void save();
    await sending;
  }
  /** The opinion went with the decision. */
  function settled() {
    clearTimeout(timer);
    sessionStorage.removeItem(keptAs(draft.value.taskId));
    state.value = 'saved';
  }
  onScopeDispose(() => {
    void flush();
    clearTimeout(timer);
  });
  return { text, savedAt, state, other, typed, choose, flush, settled };
}

/** What the server has of an opinion: when it was saved last. */
interface Draft {
  taskId: string;
  savedAt: string | null;
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
