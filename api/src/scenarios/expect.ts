/** Compares a case with what a scenario expects; every difference is named with what was expected and found. */
import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import type {
  ArchivePage,
  CaseView,
  MessageRow,
  PublicCertificate,
  RegisterItemView,
} from '../../../contracts/api/index.ts';
import { dayNumber, dayText } from '../../../contracts/days.ts';
import { calendarDays, parseLimit } from '../../../contracts/limits.ts';
import type { Clients } from './client.ts';
import { entryAbout } from './register.ts';
import type { Expectation } from './schema.ts';

export interface Look {
  clients: Clients;
  caseId: string;
  /** Who looks where the expectation names nobody. */
  by: string;
}

/** Differences, empty where all is as expected. */
export async function differences({ clients, caseId, by }: Look, expected: Expectation): Promise<string[]> {
  const client = await clients(expected.by ?? by);
  const view = await client.get<CaseView>(`/cases/${caseId}`);
  const found: string[] = [];
  const compare = (what: string, wanted: unknown, actual: unknown) => {
    if (wanted === undefined || matches(wanted, actual)) return;
    found.push(`${what}: expected ${JSON.stringify(wanted)}, found ${JSON.stringify(actual)}`);
  };

  compare('case', expected.case, view.result ?? view.state);
  compare('stage', expected.stage, view.stage);
  compare('open', expected.open?.toSorted(), view.tasks.map((task) => task.step).sort());
  compare('warnings', expected.warnings?.toSorted(), view.warnings.map((w) => w.code).sort());
  for (const kind of expected.documents ?? []) {
    compare(
      `document ${kind}`,
      true,
      view.documents.some((d) => d.kind === kind),
    );
  }
  for (const kind of expected.served ?? []) {
    compare(
      `served ${kind}`,
      true,
      view.documents.some((d) => d.kind === kind && d.service?.servedAt),
    );
  }
  for (const [id, wanted] of Object.entries(expected.clocks ?? {})) compareClock(id, wanted);
  if (expected['message-to']) await compareMessage(expected['message-to']);
  if (expected.certificate) await compareCertificate(expected.certificate);
  if (expected.register) await compareRegister(expected.register);
  for (const [register, fields] of Object.entries(expected.entries ?? {})) await compareEntry(register, fields);
  for (const [register, titles] of Object.entries(expected.archived ?? {})) await compareArchive(register, titles);
  if (expected.published) await comparePublished(expected.published);
  return found;

  function compareClock(id: string, wanted: NonNullable<Expectation['clocks']>[string]): void {
    const clock = view.clocks.filter((c) => c.id === id || c.id.startsWith(`step:${id}:`)).at(-1);
    const { state, used, total, notCounted, due } =
      typeof wanted === 'string' ? { state: wanted } : { ...EMPTY, ...wanted };
    compare(`clock ${id}`, state, clock?.state);
    compare(`clock ${id} used`, used, clock?.used);
    compare(`clock ${id} total`, total, clock?.total);
    compare(`clock ${id} not counted`, notCounted, clock?.notCounted);
    compare(`clock ${id} due`, due, clock?.dueOn);
  }

  async function compareMessage({ who, title }: { who: string; title: string }): Promise<void> {
    const { rows } = await (await clients(who)).get<{ rows: z.infer<typeof MessageRow>[] }>('/messages');
    const titles = rows.filter((row) => row.caseId === caseId).map((row) => row.title);
    if (!titles.some((text) => matches(title, text))) compare(`message to ${who}`, title, titles);
  }

  async function compareCertificate(wanted: NonNullable<Expectation['certificate']>): Promise<void> {
    const number = view.certificates.at(-1)?.number;
    compare('certificate', true, number !== undefined);
    if (number === undefined) return;
    const shown = await (await clients(null)).get<PublicCertificate>(`/public/certificates/${number}`);
    compare('certificate number', wanted.number, number);
    compare('certificate state', wanted.state, shown.state);
    compare('certificate version', wanted.version, shown.version);
    compare('certificate valid to', wanted.until, shown.validTo);
    if (wanted.valid) compare('certificate valid to', lastDay(shown.validFrom, wanted.valid), shown.validTo);
    for (const [annex, rows] of Object.entries(wanted.annexes ?? {})) {
      const of = shown.annexes.filter((a) => a.id === annex || a.id.startsWith(`${annex}:`));
      compare(
        `annex ${annex}`,
        rows,
        of.reduce((sum, a) => sum + a.total, 0),
      );
    }
  }

  async function compareRegister(wanted: Record<string, number>): Promise<void> {
    const item = await entryIn('institution');
    for (const [child, rows] of Object.entries(wanted)) {
      compare(`register ${child}`, rows, item?.children.find((c) => c.id === child)?.total);
    }
  }

  async function compareEntry(register: string, wanted: Record<string, unknown>): Promise<void> {
    const item = await entryIn(register);
    for (const [field, value] of Object.entries(wanted)) compare(`${register} ${field}`, value, item?.fields[field]);
  }

  /** The entry about the subject; undefined where there is none, which is a difference. */
  async function entryIn(register: string): Promise<z.infer<typeof RegisterItemView> | undefined> {
    const id = await entryAbout(client, register, view.subjectName);
    compare(`register ${register}`, true, id !== undefined);
    return id === undefined ? undefined : client.get(`/registers/${register}/${id}`);
  }

  async function compareArchive(register: string, wanted: string[]): Promise<void> {
    const id = await entryAbout(client, register, view.subjectName);
    const { files } = id ? await client.get<ArchivePage>(`/archive/${register}/${id}`) : { files: [] };
    const titles = files.find((file) => file.caseId === caseId)?.items.map((item) => item.title) ?? [];
    for (const title of wanted) if (!titles.some((text) => matches(title, text))) compare('archived', title, titles);
  }

  async function comparePublished(title: string): Promise<void> {
    const { rows } = await (await clients(null)).get<{ rows: { title: string }[] }>('/public/publications');
    const titles = rows.map((row) => row.title);
    if (!titles.some((text) => matches(title, text))) compare('published', title, titles);
  }
}

const EMPTY = { state: undefined, used: undefined, total: undefined, notCounted: undefined, due: undefined };

/** Six years from 2026-11-23 end on 2032-11-22. */
const lastDay = (from: string, limit: string): string =>
  dayText(dayNumber(from) + calendarDays(parseLimit(limit), dayNumber(from)) - 1);

function matches(wanted: unknown, actual: unknown): boolean {
  const pattern = typeof wanted === 'string' ? /^\/(.*)\/$/.exec(wanted)?.[1] : undefined;
  return pattern !== undefined ? new RegExp(pattern, 'u').test(String(actual)) : isDeepStrictEqual(wanted, actual);
}
