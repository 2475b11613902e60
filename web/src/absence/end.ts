import { useQueryClient } from '@tanstack/vue-query';
import { ElMessageBox } from 'element-plus';
import { useI18n } from 'vue-i18n';
import { useAction, useApi, type AbsenceRow } from '../api/index.ts';
import { useNotices } from '../shell/notices.ts';

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
    const sure = await ElMessageBox.confirm(t('absence.endText', names), t('absence.ending', names), {
      confirmButtonText: t('absence.end'),
      cancelButtonText: t('absence.back'),
    }).catch(() => false);
    if (!sure || !(await run(row.id))) return;
    notices.show(t('absence.ended', names));
    await client.invalidateQueries({ queryKey: ['absences'] });
  }
  return { busy, problem, end };
}
