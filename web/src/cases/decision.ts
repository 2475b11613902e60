import { useQuery, useQueryClient } from '@tanstack/vue-query';
import { computed, ref, watch, type Ref } from 'vue';
import { useAction, useApi, type DecideAnswer, type DecideBody, type TaskView } from '../api/index.ts';
import { refreshCase } from './queries.ts';

export type Answered = Pick<DecideBody, 'outcome' | 'opinion' | 'pins' | 'reason'>;

const POLL_MS = 2_000;

/**
 * Deciding a task: sends once, then follows what becomes of it. `answer` is what the server last said; while it is
 * `queued` the decision stands and waits to be carried out.
 */
export function useDecision(caseId: Ref<string>, task: Ref<TaskView | undefined>) {
  const api = useApi();
  const client = useQueryClient();
  const answer = ref<DecideAnswer | null>(null);
  /** The task that was decided and the title of its outcome, for the words on the screen. */
  const decided = ref({ taskId: '', title: '' });

  const { busy, problem, run } = useAction(async (key, taskId: string, body: DecideBody) => {
    try {
      answer.value = await api.post<DecideAnswer>(`/tasks/${taskId}/decision`, body, { key });
      return answer.value;
    } finally {
      // Refused or not, what the screen shows may be old by now.
      void refreshCase(client, caseId.value);
    }
  });

  const followed = useQuery({
    queryKey: ['decision', computed(() => answer.value?.decisionId)],
    queryFn: ({ signal }) => api.get<DecideAnswer>(`/decisions/${answer.value!.decisionId}`, {}, signal),
    enabled: computed(() => answer.value?.state === 'queued'),
    refetchInterval: POLL_MS,
    staleTime: 0,
  });
  watch(followed.data, async (now) => {
    if (!now || now.decisionId !== answer.value?.decisionId) return;
    answer.value = now;
    if (now.state !== 'queued') await refreshCase(client, caseId.value);
  });

  async function decide(what: Answered, said: string): Promise<DecideAnswer | undefined> {
    if (!task.value) return undefined;
    decided.value = { taskId: task.value.id, title: said };
    return run(task.value.id, { ...what, version: task.value.version });
  }
  function dismiss() {
    answer.value = null;
    problem.value = null;
  }
  return { answer, decided, busy, problem, decide, dismiss };
}
