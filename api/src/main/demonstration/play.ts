/** Plays stories together along one line of time that moves: all that happens on one day at once, then on to the next. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dayNumber, dayText } from '../../../../contracts/days.ts';
import { inTurn, shanghaiDay, startOfDay } from '../../core/index.ts';
import {
  act,
  beginDraft,
  createClients,
  passUntil,
  submitDraft,
  workingDays,
  type Clients,
  type Moving,
} from '../../scenarios/index.ts';
import type { Errand } from './office.ts';
import type { Cast } from './province.ts';
import { dated, readAct, readStart, APPLICANT, type Story } from './stories.ts';

const WORKFLOWS = fileURLToPath(new URL('../../../../workflows/', import.meta.url));
const OPENS = 9 * 3_600_000;
/** One application is sealed, which is LibreOffice's work, while the next ones are filled in: many at once would wait together. */
const AT_ONCE = { begun: 8, beginning: 3 };

export interface Stage extends Moving {
  /** Where the api answers, without `/api/v1`. */
  url: string;
}

export interface Progress {
  done: number;
  of: number;
  /** The day at which time stands. */
  day: string;
}

export interface Played {
  story: Story;
  caseId: string;
}

/**
 * What one case does on one day follows without waiting for what the product does by itself, so it must not need that.
 * Time ends now, after all stories: they end on the last working day before `today`.
 *
 * @throws Error that names the story and the act
 */
export async function playStories(
  stage: Stage,
  stories: Story[],
  {
    cast,
    today,
    errands = [],
    report = () => {},
  }: { cast: Cast; today: Date; errands?: Errand[]; report?: (progress: Progress) => void },
): Promise<{ played: Played[]; clients: Clients }> {
  const clients = createClients({ ...stage, people: cast.accounts });
  const calendar = await workingDays(await clients('白启明'));
  const last = shanghaiDay(today);
  const lives = stories.map((story, index) => createLife(stage, clients, cast, story, index));
  const all: Course[] = [
    ...lives,
    ...errands.map((errand) => createCourse(errand.title, [doErrand(stage, clients, errand)])),
  ];
  const of = all.reduce((sum, life) => sum + life.left(), 0);
  for (let day = Math.max(...stories.map(({ begins }) => begins)); day >= 0; day -= 1) {
    const due = all.filter((life) => life.nextDay() === day);
    if (due.length === 0) continue;
    const found = calendar.addWorkingDays(last, -1 - day);
    if ('unknown' in found) throw new Error(`no ${found.unknown}`);
    const opens = startOfDay(found.day).getTime() + OPENS + ((day * 13) % 50) * 60_000;
    await passUntil(stage, new Date(opens));
    const [begun, beginning] = [true, false].map((is) => due.filter((course) => course.begun() === is));
    await Promise.all([
      inTurn(begun!, AT_ONCE.begun, (course) => course.live(day)),
      inTurn(beginning!, AT_ONCE.beginning, (course) => course.live(day)),
    ]);
    await stage.quiet();
    report({ done: of - all.reduce((sum, life) => sum + life.left(), 0), of, day: found.day });
  }
  await passUntil(stage, new Date());
  // What was due until then took its time.
  if (stage.time.offset() < 0) stage.time.advanceTo(new Date());
  return { played: lives.map((life, i) => ({ story: stories[i]!, caseId: life.caseId() })), clients };
}

interface Act {
  day: number;
  run(): Promise<void>;
}

/** What is done one after the other, each on its day. */
interface Course {
  begun(): boolean;
  left(): number;
  nextDay(): number | undefined;
  /** Does all that is to be done on the day. */
  live(day: number): Promise<void>;
}

function createCourse(title: string, acts: Act[]): Course {
  const rest = [...acts];
  return {
    begun: () => rest.length < acts.length,
    left: () => rest.length,
    nextDay: () => rest[0]?.day,
    async live(day) {
      while (rest[0]?.day === day) {
        const { run } = rest.shift()!;
        try {
          await run();
        } catch (error) {
          const at = `${title}, ${acts.length - rest.length} of ${acts.length}`;
          throw new Error(`${at}: ${(error as Error).message}`, { cause: error });
        }
      }
    },
  };
}

const doErrand = ({ time }: Stage, clients: Clients, { day, run }: Errand): Act => ({
  day,
  run: () => run(clients, (value) => ofDay(value, time.now())),
});

const ofDay = (value: unknown, now: Date): unknown =>
  dated(value, now, (days) => dayText(dayNumber(shanghaiDay(now)) + days));

/** One case: what is done next in it, and on which day. */
function createLife({ time }: Stage, clients: Clients, cast: Cast, story: Story, index: number) {
  const folder = join(WORKFLOWS, story.flow);
  const nameOf = (called: string) => cast.nameOf(called, story.subject, index);
  const place = { id: story.flow, folder, home: folder };
  const course = createCourse(`${story.flow}, ${story.title}`, [
    { day: story.begins, run: begin },
    ...story.acts.map(({ day, act }) => ({ day, run: () => doAct(act) })),
  ]);
  let caseId = '';

  return { ...course, caseId: () => caseId };

  async function begin(): Promise<void> {
    const { by, ...entries } = readStart(ofDay(story.start, time.now()));
    const client = await clients(nameOf(by));
    const draft = await beginDraft(client, place, entries, by === APPLICANT ? undefined : story.subject);
    caseId = draft.id;
    if (!story.draft) await submitDraft(client, draft);
  }

  async function doAct(text: unknown): Promise<void> {
    const what = readAct(ofDay(text, time.now()));
    await act(await clients(nameOf(what.by)), { caseId, folder }, what);
  }
}

/** When time begins, so that all stories lie before `today`: calendar days enough for the working days and their holidays. */
export function opensAt(today: Date, stories: Story[]): Date {
  const days = Math.ceil((Math.max(...stories.map(({ begins }) => begins)) + 10) * 1.6);
  return new Date(startOfDay(dayText(dayNumber(shanghaiDay(today)) - days)).getTime() + OPENS);
}
