/** What is on record about the subject of a case today: bans, credit files, certificates that end or are suspended. */
import type { CaseView } from '../../../contracts/api/index.ts';
import { shanghaiDay, type Core } from '../core/index.ts';
import type { CaseRow } from '../engine/index.ts';

type Note = CaseView['warnings'][number];

/** Days before the end of a certificate on which it is told. */
const ENDS_WITHIN = 90;

export async function onRecord({ db, time }: Pick<Core, 'db' | 'time'>, row: CaseRow): Promise<Note[]> {
  if (!row.subject_id) return [];
  const today = shanghaiDay(time.now());
  const [bans, credit, certificates] = await Promise.all([
    db('ban')
      .where({ subject_register: row.subject_register, subject_id: row.subject_id })
      .where('from_day', '<=', today)
      .where('to_day', '>=', today)
      .select('ground', 'article', 'to_day'),
    db('credit_file')
      .where({ subject_register: row.subject_register, subject_id: row.subject_id, state: 'in-force' })
      .where((until) => until.whereNull('valid_until').orWhere('valid_until', '>=', today))
      .orderBy('decided_on', 'desc')
      .select('kind', 'ground', 'document', 'article', 'valid_until'),
    db('certificate')
      .where({ institution_id: row.subject_id })
      .whereIn('state', ['valid', 'suspended'])
      .where((which) =>
        which
          .where({ state: 'suspended' })
          .orWhereRaw('valid_to between ? and ?::date + ?::int', [today, today, ENDS_WITHIN]),
      )
      .orderBy('valid_to')
      .select('number', 'state', 'valid_to'),
  ]);
  return [
    ...bans.map(({ ground, article, to_day: until }) =>
      note('ban', 'error', `${ground}，${until} 以前不得申请`, `Banned until ${until}: ${ground}`, article),
    ),
    ...credit.map(({ kind, ground, document, article, valid_until: until }) =>
      note(
        'credit',
        'warning',
        `信用档案：${kind}，${ground}（${document}）${until ? `，记录至 ${until}` : ''}`,
        `Credit file: ${kind}, ${ground} (${document})${until ? `, until ${until}` : ''}`,
        article,
      ),
    ),
    ...certificates.map(({ number, state, valid_to: end }) =>
      state === 'suspended'
        ? note('certificate-suspended', 'warning', `证书 ${number} 已暂停`, `Certificate ${number} is suspended`)
        : note(
            'certificate-ends',
            'info',
            `证书 ${number} 有效期至 ${end}`,
            `Certificate ${number} is valid to ${end}`,
          ),
    ),
  ];
}

const note = (code: string, severity: Note['severity'], zh: string, en: string, basis: string | null = null): Note => ({
  ...{ code, severity, zh, en, basis },
  path: '',
});
