/** What happens at the offices besides the cases, `office.yaml`: absences with their deputies, tasks decided in a batch. */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import type { AbsencePeople, BatchView, InboxPage } from '../../../../contracts/api/index.ts';
import type { Client, Clients } from '../../scenarios/index.ts';

const Day = z.int().nonnegative();
const Office = z.strictObject({
  absences: z.array(
    z.strictObject({
      day: Day,
      person: z.string(),
      deputy: z.string(),
      from: z.string(),
      to: z.string(),
      note: z.string(),
    }),
  ),
  batches: z.array(
    z.strictObject({
      day: Day,
      by: z.string(),
      step: z.string(),
      outcome: z.string(),
      opinion: z.string(),
      /** Whose cases they are. */
      subjects: z.array(z.string()).min(2),
    }),
  ),
});
type Office = z.infer<typeof Office>;

/** One thing that is done on a day, in working days before the last one. */
export interface Errand {
  day: number;
  title: string;
  /** @param ofToday makes days of `today+7` */
  run(clients: Clients, ofToday: (value: unknown) => unknown): Promise<void>;
}

export async function readErrands(): Promise<Errand[]> {
  const { absences, batches } = Office.parse(parse(await readFile(new URL('./office.yaml', import.meta.url), 'utf8')));
  return [
    ...absences.map(({ day, person, ...absence }): Errand => ({
      day,
      title: `${person}外出`,
      run: async (clients, ofToday) =>
        declareAbsence(await clients(person), ofToday(absence) as Omit<Office['absences'][number], 'day' | 'person'>),
    })),
    ...batches.map(({ day, by, ...batch }): Errand => ({
      day,
      title: `${by}批量办理`,
      run: async (clients) => decideBatch(await clients(by), batch),
    })),
  ];
}

async function declareAbsence(
  client: Client,
  { deputy: name, ...absence }: Omit<Office['absences'][number], 'day' | 'person'>,
): Promise<void> {
  const query = `for=deputy&q=${encodeURIComponent(name)}`;
  const { people } = await client.get<AbsencePeople>(`/absences/people?${query}`);
  const deputy = people.find((one) => one.name === name)?.id;
  await client.send('POST', '/absences', { deputy, ...absence });
}

async function decideBatch(
  client: Client,
  { step, outcome, opinion, subjects }: Omit<Office['batches'][number], 'day' | 'by'>,
): Promise<void> {
  const { rows } = await client.get<z.infer<typeof InboxPage>>(`/inbox?step=${step}&limit=100`);
  const tasks = rows.filter(({ subjectName }) => subjects.includes(subjectName)).map(({ taskId }) => taskId);
  if (tasks.length < subjects.length) throw new Error(`${subjects.length} tasks at ${step}, found ${tasks.length}`);
  const { id } = await client.send<BatchView>('POST', '/batches', { act: 'decide', outcome, tasks });
  await client.send('POST', `/batches/${id}/send`, { opinion });
}
