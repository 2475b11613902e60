/** Whom a document is served on, and who gets a copy. */
import type { Knex } from 'knex';
import type { DocumentDecl, Recipient, Release } from '../../../../contracts/flow.ts';
import type { CaseRow } from '../../engine/index.ts';
import type { CaseForms } from '../../forms/index.ts';

export interface Addressee {
  /** Names the addressee within the document: `applicant`, `institution:…`, `office:…`, `name:…`. */
  key: string;
  name: string;
  role: 'addressee' | 'copy';
  /** Who can open it in the product; null where nobody can, so that an officer has to serve it. */
  account: { institutionId: string } | { personId: string } | { office: string } | null;
  address: string;
}

type Party = Omit<Addressee, 'role'>;

/** In the order of the declaration, the applicant first; nobody twice. */
export async function addresseesOf(
  db: Knex,
  forms: CaseForms,
  of: { case: CaseRow; release: Release; decl: DocumentDecl },
): Promise<Addressee[]> {
  const { decl } = of;
  const found = new Map<string, Addressee>();
  const add = (role: Addressee['role'], parties: Party[]) => {
    for (const party of parties) if (!found.has(party.key)) found.set(party.key, { ...party, role });
  };
  if (decl.addressee === 'applicant') add('addressee', [await applicantOf(db, of.case)]);
  for (const recipient of decl.alsoTo ?? []) add('addressee', await partiesOf(db, forms, of.case, recipient));
  for (const recipient of decl.copies ?? []) add('copy', await partiesOf(db, forms, of.case, recipient));
  return [...found.values()];
}

/** Whom the case is about; where staff started it, they are not who is served. */
async function applicantOf(db: Knex, row: CaseRow): Promise<Party> {
  const named = { key: 'applicant', name: row.subject_name, address: '' };
  if (row.institution_id) return { ...named, account: await accountOf(db, row.institution_id) };
  const starter = await db('person').where({ id: row.starter }).first('kind');
  return { ...named, account: starter?.kind === 'staff' ? null : { personId: row.starter } };
}

/** Nobody could open what is sent to an institution for which nobody acts. */
async function accountOf(db: Knex, institutionId: string): Promise<Party['account']> {
  const acting = await db('representative').where({ entry: institutionId }).whereNull('ended_at').first('since');
  return acting ? { institutionId } : null;
}

async function partiesOf(db: Knex, forms: CaseForms, row: CaseRow, recipient: Recipient): Promise<Party[]> {
  const [kind, what] = recipient.split(':');
  if (kind === 'office') return officesOf(db, [await officeCode(db, row, what)]);
  const [form, key] = what.split('.');
  if (kind === 'offices') {
    const { data } = await forms.read(row.id, form);
    return officesOf(
      db,
      [data[key]].flat().filter((code): code is string => typeof code === 'string'),
    );
  }
  const rows = await forms.rows(row.id, form, key);
  const parties: Party[] = [];
  for (const { data } of rows) parties.push(await partyOf(db, data));
  return parties;
}

async function partyOf(db: Knex, data: Record<string, unknown>): Promise<Party> {
  const [name, uscc, address] = ['name', 'uscc', 'address'].map((key) => String(data[key] ?? '').trim());
  const known = uscc ? await db('institution').where({ uscc }).first('id') : undefined;
  return known
    ? { key: `institution:${known.id}`, name, address, account: await accountOf(db, known.id) }
    : { key: `name:${uscc || name}`, name, address, account: null };
}

async function officeCode(db: Knex, row: CaseRow, which: string): Promise<string | undefined> {
  if (which === 'case') return row.office;
  if (/^\d+$/.test(which)) return which;
  const nearest = await db('office_ancestor as a')
    .join('office as o', 'o.code', 'a.ancestor')
    .where({ 'a.office': row.office, 'o.level': which })
    .first('o.code');
  return nearest?.code;
}

/** Offices by their codes, or by those of their divisions (GB/T 2260). */
async function officesOf(db: Knex, codes: (string | undefined)[]): Promise<Party[]> {
  const named = codes.filter((code) => code !== undefined);
  const rows = await db('office').whereIn('code', named).orWhereIn('division', named).orderBy('code');
  return rows.map(({ code, name, profile }) => ({
    key: `office:${code}`,
    name,
    address: profile?.address ?? '',
    account: { office: code },
  }));
}
