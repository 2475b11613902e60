import { ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { useAction, useApi } from '../api/index.ts';
import type { Previewed } from '../documents/index.ts';
import type { useFormModel } from '../forms/index.ts';

/** Making and sealing the application book of a draft, or of the case that it became. */
export function useBook(id: string, form: ReturnType<typeof useFormModel>) {
  const { t } = useI18n();
  const api = useApi();
  const file = ref<Previewed | null>(null);
  const refusal = ref<string | null>(null);

  /** What is sealed or submitted is what the server has: nothing may still wait to be saved. */
  async function settled(): Promise<boolean> {
    await form.saver.value?.flush();
    const isSaved = form.saver.value?.status.value === 'saved';
    refusal.value = isSaved ? null : t('applications.saveFirst');
    return isSaved;
  }
  const making = useAction(async () => {
    if (!(await settled())) return;
    const { href } = await api.post<{ href: string }>(`/drafts/${id}/book`);
    file.value = { name: t('applications.book'), href, type: 'application/pdf' };
  });
  const sealing = useAction(async (key) => {
    if (!(await settled())) return;
    const { href } = await api.post<{ href: string }>(`/drafts/${id}/seal`, {}, { key });
    file.value = { name: t('applications.sealedBook'), href, type: 'application/pdf' };
    await form.changedOnServer();
  });
  return { file, refusal, settled, making, sealing };
}
