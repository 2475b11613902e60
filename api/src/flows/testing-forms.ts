/** For tests only: forms of the packages as they stand in their files. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { includeParts } from '../../../contracts/forms/index.ts';
import { names } from './places.ts';

const workflows = fileURLToPath(new URL('../../../workflows/', import.meta.url));
const ENDING = '.form.json';

/** A form of a flow with the parts put in that flows share. */
export async function formFile(flow: string, id: string): Promise<unknown> {
  const shared = join(workflows, 'shared', 'forms');
  const parts = await Promise.all(
    (await names(shared, ENDING)).map(async (name) => [name, await read(join(shared, name))] as const),
  );
  return includeParts(await read(join(workflows, flow, 'forms', id)), Object.fromEntries(parts)).json;
}

const read = async (path: string): Promise<unknown> => JSON.parse(await readFile(path + ENDING, 'utf8'));
