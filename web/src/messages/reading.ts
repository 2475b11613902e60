import { useQueryClient } from '@tanstack/vue-query';
import { useI18n } from 'vue-i18n';
import { useRouter } from 'vue-router';
import { useApi, type MessageRow } from '../api/index.ts';

/** A message in the reader's language where it has it; following it reads it. */
export function useReading() {
  const { locale } = useI18n();
  const api = useApi();
  const router = useRouter();
  const client = useQueryClient();

  const words = (message: MessageRow) => (locale.value === 'en' && message.en) || message;
  const linkOf = ({ link, caseId }: MessageRow) => link ?? (caseId && `/cases/${caseId}`);

  async function markRead({ id, readAt }: MessageRow) {
    if (readAt) return;
    await api.post(`/messages/${id}/read`);
    await client.invalidateQueries({ queryKey: ['messages'] });
  }
  async function go(message: MessageRow) {
    const link = linkOf(message);
    if (link) void router.push(link);
    await markRead(message);
  }
  /** All up to this moment. */
  async function readAll(until: string, key: string) {
    await api.post('/messages/read', { until }, { key });
    await client.invalidateQueries({ queryKey: ['messages'] });
  }
  return { words, linkOf, go, markRead, readAll };
}
