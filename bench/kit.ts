/** What rows measure on: made when the first row asks for it, and shared by the others. */
import { fileURLToPath } from 'node:url';
import { openWorld, type World } from '../api/src/main/world.ts';
import { fillMillion } from './million.ts';
import { createClients, enter, type Client } from '../api/src/scenarios/index.ts';

export interface Kit {
  /** A whole product with the demonstration's people. */
  world(): Promise<World>;
  /** Somebody of the demonstration at its public API. */
  client(person: string): Promise<Client>;
  /** A draft of the first application, filled with the fixture: 300 capabilities, 120 instruments, 45 people. */
  draft(): Promise<string>;
  /** A product of its own with a million open tasks. */
  million(): Promise<World>;
  /** To be closed with the kit. */
  closing(close: () => Promise<unknown>): void;
  close(): Promise<void>;
}

const folder = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
export const folders = { workflows: folder('workflows'), templates: folder('templates') };
export const CMA = folder('workflows/cma-initial');
/** A Monday; the fixtures' dates lie around it. */
const BEGIN = new Date('2026-09-14T09:00:00+08:00');

export function createKit(): Kit {
  const closers: (() => Promise<unknown>)[] = [];
  const world = once(async () => {
    const opened = await openWorld({ at: BEGIN });
    closers.push(() => opened.close());
    return opened;
  });
  const million = once(async () => {
    const opened = await openWorld({ at: BEGIN });
    closers.push(() => opened.close());
    await fillMillion(opened);
    return opened;
  });
  const clients = once(async () => createClients(await world()));
  const client = async (person: string) => (await clients())(person);
  const draft = once(async () => {
    const applicant = await client('申请人');
    const { id } = await applicant.send<{ id: string }>('POST', '/drafts', { flow: 'cma-initial' });
    const fill = ['fixtures/institution-a.json', 'fixtures/application-a.json'];
    await enter(applicant, { owner: id, form: 'application' }, { ...NOTHING, fill, materials: 'all' }, CMA);
    return id;
  });
  return {
    world,
    client,
    draft,
    million,
    closing: (close) => void closers.push(close),
    async close() {
      for (const close of closers.reverse()) await close();
    },
  };
}

export const NOTHING = { set: {}, rows: {}, all: {}, change: {} };

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
