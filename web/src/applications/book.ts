import { computed, ref, watch } from 'vue';
import { useI18n } from 'vue-i18n';
import { useAction, useApi } from '../api/index.ts';
import type { Previewed } from '../documents/index.ts';
import type { useFormModel } from '../forms/index.ts';

/** Making and sealing the application book of a draft, or of the case that it became. */
export function useBook(id: string, form: ReturnType<typeof useFormModel>) {
  const { t } = useI18n();
  const api = useApi();
  const file = ref<Previewed | null>(null);
  const unsaved = ref(false);
  const waits = ref(false);
  const refusal = computed(() => {
    const n = form.arriving.value.length;
    if (waits.value && n > 0) return t('forms.arriving', { n });
    return unsaved.value ? t('applications.saveFirst') : null;
  });
  watch(
    () => form.arriving.value.length,
    (n) => n === 0 && (waits.value = false),
  );

  /** What is sealed or submitted is what the server has: nothing may be on its way or wait to be saved. */
  async function settled(): Promise<boolean> {
    waits.value = form.arriving.value.length > 0;
    if (waits.value) return false;
    await form.saver.value?.flush();
    unsaved.value = form.saver.value?.status.value !== 'saved';
    return !unsaved.value;
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
