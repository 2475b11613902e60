/** What templates are filled with; `templates/README.md` lists every member for those who write templates. */
import type { Pin } from '../../../contracts/api/index.ts';
import { CHANGES, type CertificateChange } from '../../../contracts/certificate-life.ts';
import { dayNumber } from '../../../contracts/days.ts';
import { nameInBlock, type CompiledFlow, type DocumentDecl, type Release } from '../../../contracts/flow.ts';
import { allFields, isRowDecisions, isTable, scalarFields, type Field } from '../../../contracts/forms/index.ts';
import type { FileValue } from '../../../contracts/kinds/index.ts';
import { limitText, parseLimit } from '../../../contracts/limits.ts';
import { shanghaiDay, type Core } from '../core/index.ts';
import type { CaseRow } from '../engine/index.ts';
import { printed, readRulings, type ReadForms, type WholeForms } from '../forms/index.ts';
import { pictureKey } from './pictures/module.ts';

export type Printed = Record<string, string>;

export interface TemplateData {
  doc: { number: string; date: string; title: string };
  office: { name: string; shortName: string; code: string; address: string; phone: string };
  /** Empty texts before the case is there. */
  case: { number: string; title: string; item: string; receivedOn: string; acceptedOn: string };
  applicant: { name: string; uscc: string; address: string; contact: string; phone: string };
  /**
   * Fields of the flow's form, as people read them; `values` has them as they are stored. Here and in rows, `%photo`
   * names the files of a field `photo` that has pictures.
   */
  form: Printed;
  /** The same of every form of the flow, by its id in camel case: `technicalReview`. */
  forms: Record<string, Printed>;
  values: Record<string, unknown>;
  tables: Record<string, Printed[]>;
  /** What is to be supplemented. */
  missing: { item: string; reason: string }[];
  /** What is to be rectified. */
  findings: { clause: string; fact: string; requirement: string }[];
  /** Rows of each table that a review decides. */
  approved: Record<string, Printed[]>;
  refused: (Printed & { table: string })[];
  /** `change`: what is being done with it from its card. */
  certificate: { number: string; validFrom: string; validTo: string; change: Printed | null } | null;
  /** Who made the last decision. */
  signer: { name: string; position: string };
  today: string;
  /** Clock or step → its limit in words, and its last day where it runs. */
  deadlines: Record<string, { limit: string; dueOn: string }>;
  opinion: string;
  reason: string;
  /** Of a proof of service: what was served on whom, how and when. */
  service: Printed | null;
}

export interface DataOf {
  release: Release;
  /** Case or draft whose forms are read. */
  owner: string;
  case: CaseRow | null;
  office: string;
  decl: DocumentDecl;
  number: string | null;
  /** Day that stands on the document. */
  on: string;
  service?: Printed;
}

const NON_CONFORMITIES = 'nonConformities';

/** `2026年11月21日`, empty for null. */
export function zhDay(day: string | null | undefined): string {
  if (!day) return '';
  dayNumber(day);
  const [year, month, date] = day.split('-').map(Number);
  return `${year}年${month}月${date}日`;
}

export const zhMoment = (at: Date): string =>
  `${zhDay(shanghaiDay(at))}${at.toLocaleTimeString('zh-CN', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', hour12: false })}`;

export async function buildData({ db }: Pick<Core, 'db'>, { whole }: WholeForms, of: DataOf): Promise<TemplateData> {
  const { flow } = of.release.package;
  const schema = of.release.package.forms[flow.form];
  const forms = await whole(of.owner);
  const values = (await forms.read(of.owner, flow.form)).data;
  const form = print(scalarFields(schema), values);
  const office = await db('office').where({ code: of.office }).first('name', 'short_name', 'profile');
  const decision = of.case ? await lastDecision(db, of.case.id) : undefined;
  const pins: Pin[] = decision?.detail.pins ?? [];
  return {
    doc: { number: of.number ?? '', date: zhDay(of.on), title: of.decl.title.zh },
    office: {
      name: office.name,
      shortName: office.short_name,
      code: office.profile.code ?? '',
      address: office.profile.address ?? '',
      phone: office.profile.phone ?? '',
    },
    case: {
      number: of.case?.number ?? '',
      title: of.case?.title ?? '',
      item: flow.title.zh,
      receivedOn: dayOf(of.case?.received_at),
      acceptedOn: dayOf(of.case?.accepted_at),
    },
    applicant: {
      name: of.case?.subject_name ?? form.name ?? '',
      uscc: form.uscc ?? '',
      address: form.address ?? '',
      contact: form.contactName ?? '',
      phone: form.contactMobile || form.phone || '',
    },
    form,
    forms: await formsOf(forms, of),
    values,
    tables: await tablesOf(forms, of),
    missing: pins.map(({ item, reason }) => ({ item, reason })),
    findings: of.case ? await findingsOf(forms, of, pins) : [],
    ...(await ruledRows(forms, of)),
    certificate: await certificateOf(db, of),
    signer: { name: signerOf(decision), position: decision?.position ?? '' },
    today: zhDay(of.on),
    deadlines: await deadlinesOf(db, of),
    opinion: decision?.opinion ?? '',
    reason: decision?.detail.reason ?? '',
    service: of.service ?? null,
  };
}

const dayOf = (at: Date | null | undefined): string => (at ? zhDay(shanghaiDay(at)) : '');

/** Each field as text; of those with pictures also the ids of their files. */
const print = (fields: Field[], values: Record<string, unknown>): Printed =>
  Object.fromEntries(
    fields.flatMap((field) => [
      [field.key, printed(fields, values, field.key)],
      ...(holdsPictures(field) ? [[pictureKey(field.key), idsIn(values[field.key])]] : []),
    ]),
  );

/** Of a field or column whose files a template can print. */
export const holdsPictures = ({ type, accept }: Field): boolean =>
  type === 'photo' || (type === 'files' && (!accept || accept.includes('png') || accept.includes('jpg')));

const idsIn = (files: unknown): string => ((files ?? []) as FileValue[]).map(({ id }) => id).join(',');

async function formsOf(forms: ReadForms, { release, owner }: DataOf): Promise<TemplateData['forms']> {
  const read = Object.entries(release.package.forms).map(async ([id, schema]): Promise<[string, Printed]> => {
    const { data } = await forms.read(owner, id);
    return [formName(id), print(scalarFields(schema), data)];
  });
  return Object.fromEntries(await Promise.all(read));
}

/** What templates call a form: `technicalReview`. */
export const formName = (id: string): string => id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

async function tablesOf(forms: ReadForms, { release, owner }: DataOf): Promise<TemplateData['tables']> {
  const { flow, forms: schemas } = release.package;
  const tables = allFields(schemas[flow.form]).flatMap(({ field }) => (isTable(field) ? field : []));
  const read = tables.map(async ({ key, columns }): Promise<[string, Printed[]]> => {
    const rows = await forms.rows(owner, flow.form, key);
    return [key, rows.map(({ data }) => print(columns, data))];
  });
  return Object.fromEntries(await Promise.all(read));
}

/** Approved and refused rows of every table that some form of the flow decides. */
async function ruledRows(
  forms: ReadForms,
  { release, case: row }: DataOf,
): Promise<Pick<TemplateData, 'approved' | 'refused'>> {
  const approved: TemplateData['approved'] = {};
  const refused: TemplateData['refused'] = [];
  for (const of of row ? decidedTables(release.package) : []) {
    const table = of.split('.')[1];
    const { rows, columns } = await readRulings(forms, release.package, row!.id, of);
    approved[table] = rows.filter((ruled) => ruled.approved).map(({ values }) => print(columns, values));
    for (const { values, approved: granted } of rows) if (!granted) refused.push({ table, ...print(columns, values) });
  }
  return { approved, refused };
}

function decidedTables({ forms }: CompiledFlow): string[] {
  const decided = Object.values(forms)
    .flatMap(allFields)
    .flatMap(({ field }) => (isRowDecisions(field) ? field.of : []));
  return [...new Set(decided)];
}

/** Non-conformities that the review wrote down; without such a table, the places that were pinned. */
async function findingsOf(
  forms: ReadForms,
  { release, owner }: DataOf,
  pins: Pin[],
): Promise<TemplateData['findings']> {
  const form = Object.entries(release.package.forms).find(([, schema]) =>
    allFields(schema).some(({ field }) => isTable(field) && field.key === NON_CONFORMITIES),
  );
  const rows = form ? await forms.rows(owner, form[0], NON_CONFORMITIES) : [];
  if (rows.length === 0)
    return pins.map(({ clause, item, reason }) => ({ clause: clause ?? '', fact: item, requirement: reason }));
  return rows.map(({ data }) => ({
    clause: String(data.clause ?? ''),
    fact: String(data.fact ?? ''),
    requirement: String(data.requirement ?? ''),
  }));
}

/** The certificate that the case gave, else the one that the case or draft is about. */
async function certificateOf(db: Core['db'], { owner: id, case: of }: DataOf): Promise<TemplateData['certificate']> {
  const about = (of ?? (await db('draft').where({ id }).first('certificate_id')))?.certificate_id;
  const row = await db('certificate')
    .where((either) => {
      void either.where({ case_id: id });
      if (about) void either.orWhere({ id: about });
    })
    .whereNotIn('state', ['reserved', 'void'])
    .orderByRaw('(case_id = ?) desc, version desc', [id])
    .first('id', 'number', 'valid_from', 'valid_to');
  if (!row) return null;
  const open = await db('certificate_change')
    .where({ certificate_id: row.id, state: 'proposed' })
    .first('change', 'ground', 'article', 'until');
  const change = open && {
    title: CHANGES[open.change as CertificateChange].title.zh,
    ground: open.ground,
    article: open.article,
    until: zhDay(open.until),
  };
  return { number: row.number, validFrom: zhDay(row.valid_from), validTo: zhDay(row.valid_to), change: change ?? null };
}

async function deadlinesOf(db: Core['db'], { release, case: row }: DataOf): Promise<TemplateData['deadlines']> {
  const { flow, steps } = release.package;
  const limits = [
    ...flow.clocks.map(({ id, limit }) => [id, limit]),
    ...Object.values(steps).flatMap(({ id, limit }) => (limit ? [[id, limit]] : [])),
  ];
  const running = row ? await db('clock').where({ case_id: row.id, state: 'running' }).select('id', 'due_on') : [];
  const due = new Map(running.map((clock) => [clock.id.replace(/^step:(.*):\d+$/, '$1'), clock.due_on]));
  const runningLast = limits.toSorted(([a], [b]) => Number(due.has(a)) - Number(due.has(b)));
  return Object.fromEntries(
    runningLast.flatMap(([id, limit]) => {
      const deadline = { limit: limitText(parseLimit(limit)).zh, dueOn: zhDay(due.get(id)) };
      // A template of a block doesn't know how it is called.
      return [id, nameInBlock(id)].map((name) => [name, deadline]);
    }),
  );
}

/** A deputy signs with the name of the absent person beside it. */
function signerOf(decision: { name: string | null; behalf: string | null } | undefined): string {
  const name = decision?.name ?? '';
  return decision?.behalf ? `${name}（代${decision.behalf}）` : name;
}

async function lastDecision(db: Core['db'], caseId: string) {
  return db('decision as d')
    .leftJoin('person as p', 'p.id', 'd.person_id')
    .leftJoin('person as b', 'b.id', 'd.on_behalf_of')
    .where({ 'd.case_id': caseId, 'd.state': 'done' })
    .orderBy('d.decided_at', 'desc')
    .first('d.opinion', 'd.detail', 'p.name', 'p.position', { behalf: 'b.name' });
}
