import { useQueryClient } from '@tanstack/vue-query';
import { useI18n } from 'vue-i18n';
import { useAction, useApi, type BatchRow, type BatchView } from '../api/index.ts';
import { useSay } from '../i18n/index.ts';
import { useNotices } from '../shell/notices.ts';

/** Takes a batch back before it is sent; says so, or why that was too late. */
export function useUndo(batch: () => Pick<BatchRow, 'id'>) {
  const { t } = useI18n();
  const say = useSay();
  const api = useApi();
  const client = useQueryClient();
  const notices = useNotices();
  const { busy, problem, run } = useAction((key) => api.post<BatchView>(`/batches/${batch().id}/undo`, {}, { key }));

  async function undo() {
    const undone = await run();
    if (undone) notices.show(t('batch.undone', { n: undone.counts.undone ?? 0 }));
    else if (problem.value) notices.show(say(problem.value.said), { tone: 'problem' });
    for (const queryKey of [['batches'], ['inbox'], ['inbox-counts']]) void client.invalidateQueries({ queryKey });
  }
  return { busy, undo };
}
