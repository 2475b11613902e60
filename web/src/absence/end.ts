import { useQueryClient } from '@tanstack/vue-query';
import { useI18n } from 'vue-i18n';
import { useAction, useApi, type AbsenceRow } from '../api/index.ts';
import { useNotices } from '../shell/notices.ts';
import { isSure } from '../shell/sure.ts';

/** Ends an absence, once the person is sure. */
export function useEndAbsence() {
  const { t } = useI18n();
  const api = useApi();
  const client = useQueryClient();
  const notices = useNotices();
  const { busy, problem, run } = useAction(async (key, id: string) => {
    await api.delete(`/absences/${id}`, { key });
    return true;
  });
  async function end(row: AbsenceRow): Promise<void> {
    const names = { person: row.person.name, deputy: row.deputy.name };
    const asked = {
      title: t('absence.ending', names),
      text: t('absence.endText', names),
      yes: t('absence.end'),
      no: t('absence.back'),
    };
    if (!(await isSure(asked)) || !(await run(row.id))) return;
    notices.show(t('absence.ended', names));
    await client.invalidateQueries({ queryKey: ['absences'] });
  }
  return { busy, problem, end };
}
