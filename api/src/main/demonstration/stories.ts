/** The lives of the demonstration's cases, in the words of scenarios: `stories/<flow>.yaml`. */
import { readdir, readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseLimit } from '../../../../contracts/limits.ts';
import { Limit } from '../../../../contracts/flow.ts';
import { Act, entriesShape, Expectation } from '../../scenarios/index.ts';

const FOLDER = new URL('./stories/', import.meta.url);

/** Whoever acts for the subject of a story: begins its case where the story names nobody. */
export const APPLICANT = '申请人';

const Start = z.strictObject({
  /** Title or name of the person; by default whoever acts for the subject. */
  by: z.string().default(APPLICANT),
  ...entriesShape,
});

const StoryText = z.strictObject({
  title: z.string(),
  /** The institution or enterprise that it is about; who acts for it is called 申请人. */
  subject: z.string(),
  /** Working days before the last one; 0 is the last working day before the demonstration is opened. */
  begins: z.int().nonnegative(),
  start: z.record(z.string(), z.unknown()).default({}),
  /** The application stays a draft. */
  draft: z.boolean().default(false),
  /** Lists in it are taken as if their steps stood here, so that several stories can share some. */
  steps: z.array(z.unknown()).default([]),
  /** What is to be seen when the demonstration is opened. */
  ends: Expectation.optional(),
});

const File = z.strictObject({
  flow: z.string(),
  /** What all stories enter at their start, before what each says itself. */
  start: z.record(z.string(), z.unknown()).default({}),
  /** Steps that stories share, for YAML's anchors. */
  shared: z.unknown().optional(),
  stories: z.array(StoryText),
});

export interface Story extends Omit<z.infer<typeof StoryText>, 'start' | 'steps'> {
  flow: string;
  start: Record<string, unknown>;
  /** Acts as they are written, each with its day as `begins` counts it. */
  acts: { day: number; act: unknown }[];
}

export async function readStories(): Promise<Story[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.yaml')).sort();
  const files = await Promise.all(names.map(async (name) => readFile(new URL(name, FOLDER), 'utf8')));
  return files.flatMap((text) => {
    const { flow, start, stories } = File.parse(parse(text, { merge: true, maxAliasCount: -1 }));
    return stories.map((story) => storyOf(flow, start, story));
  });
}

function storyOf(flow: string, common: Record<string, unknown>, { steps, ...story }: z.infer<typeof StoryText>): Story {
  let day = story.begins;
  const acts: Story['acts'] = [];
  for (const step of steps.flat(Infinity) as Record<string, unknown>[]) {
    if ('pass' in step) day -= workingDays(step.pass);
    else acts.push({ day, act: step });
    if (day < 0) throw new Error(`${flow}, ${story.title}: it goes on ${-day} working days after the last one`);
  }
  const set = { ...(common.set as object), ...(story.start.set as object) };
  return { ...story, flow, start: { ...common, ...story.start, set }, acts };
}

function workingDays(text: unknown): number {
  const { unit, count } = parseLimit(Limit.parse(text));
  if (unit !== 'WD') throw new Error(`stories count working days, not ${String(text)}`);
  return count;
}

/** Texts `today`, `today-3`, `today+30` become days and `now` a moment. */
export function dated(value: unknown, now: Date, dayAfter: (days: number) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => dated(one, now, dayAfter));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, dated(one, now, dayAfter)]));
  if (value === 'now') return now.toISOString();
  const relative = typeof value === 'string' && /^today([+-]\d+)?$/.exec(value);
  return relative ? dayAfter(Number(relative[1] ?? 0)) : value;
}

export const readStart = (start: unknown): z.infer<typeof Start> => Start.parse(start);
export const readAct = (act: unknown): Act => Act.parse(act);
