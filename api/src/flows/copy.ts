/** A new flow begins as a copy of a starter, under its own id everywhere. */
import { cp, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Name } from '../../../contracts/flow.ts';
import { exists, packagePlaces, type Folders, type Place } from './places.ts';

export class NewFlowError extends Error {
  readonly zh: string;

  constructor(zh: string, en: string) {
    super(`${zh} | ${en}`);
    this.name = 'NewFlowError';
    this.zh = zh;
  }
}

const TEXTS = /\.(json|bpmn|dmn|yaml|md)$/;

/**
 * Copies a starter (or a flow) to `workflows/<id>`, with its Word templates below `templates/<starter>/`; wherever the
 * copy says the starter's id, it says the new one.
 * @throws NewFlowError where the id is no name or is taken, or there is no such starter
 */
export async function copyPackage(folders: Folders, id: string, from: string): Promise<Place> {
  if (!Name.safeParse(id).success)
    throw new NewFlowError(
      `${id} 不能作编号：小写字母开头，只用小写字母、数字和连字符`,
      `${id} is no id: small letters, digits and hyphens`,
    );
  const places = await packagePlaces(folders);
  const sources = places.filter(({ kind }) => kind === 'starter' || kind === 'flow');
  const source = sources.find(({ name }) => name === from);
  const folder = join(folders.workflows, id);
  const known = sources.map(({ name }) => name).join('、');
  if (!source) throw new NewFlowError(`没有起点 ${from}，现有：${known}`, `There is no starter ${from}`);
  if ((await exists(folder)) || places.some((place) => place.id === id))
    throw new NewFlowError(`编号 ${id} 已经用了`, `The id ${id} is taken`);

  await cp(source.folder, folder, { recursive: true });
  await renameIn(folder, source.id, id);
  const templates = join(folders.templates, source.id);
  if (await exists(templates)) await cp(templates, join(folders.templates, id), { recursive: true });
  return { kind: 'flow', name: id, id, folder, home: folder };
}

/** In texts and in the names of files; an id that is only part of a longer one stays. */
async function renameIn(folder: string, from: string, to: string): Promise<void> {
  const whole = new RegExp(`(?<![\\w-])${from}(?![\\w-])`, 'g');
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      await renameIn(path, from, to);
      continue;
    }
    if (TEXTS.test(entry.name)) await writeFile(path, (await readFile(path, 'utf8')).replace(whole, to));
    const name = entry.name.replace(whole, to);
    if (name !== entry.name) await rename(path, join(folder, name));
  }
}
