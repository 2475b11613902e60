/** Where packages stand in the project's folders. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Where packages and templates stand. Both are siblings in the project's folder. */
export interface Folders {
  workflows: string;
  templates: string;
}

/**
 * A package. Flows are released by the product; the others live in the sandbox only: starters, the flow that a block is
 * tried in (`blocks/<block>/example`), and the examples of the guides.
 */
export interface Place {
  kind: 'flow' | 'block' | 'starter' | 'example';
  /** What commands call it: the name of its folder. */
  name: string;
  /** Id of the package: the name, of a block's example `<block>-example`. */
  id: string;
  folder: string;
  /** Folder that holds `scenarios/` and the fixtures that these name. */
  home: string;
}

/** All packages that have a `flow.json`, flows first, each kind by name. */
export async function packagePlaces({ workflows }: Folders): Promise<Place[]> {
  const plain = async (kind: Place['kind'], under: string): Promise<Place[]> =>
    (await names(under, '')).map((name) => {
      const folder = join(under, name);
      return { kind, name, id: name, folder, home: folder };
    });
  const blocks = async (under: string): Promise<Place[]> =>
    (await names(under, '')).map((name) => {
      const home = join(under, name);
      return { kind: 'block', name, id: `${name}-example`, folder: join(home, 'example'), home };
    });
  const places = [
    ...(await plain('flow', workflows)),
    ...(await blocks(join(workflows, 'blocks'))),
    ...(await plain('starter', join(workflows, 'starters'))),
    ...(await plain('example', join(workflows, 'examples'))),
  ];
  const there = await Promise.all(places.map(({ folder }) => exists(join(folder, 'flow.json'))));
  return places.filter((_, i) => there[i]);
}

/** Names in a folder that end so, without the ending, sorted; none where the folder is missing. */
export async function names(folder: string, ending: string): Promise<string[]> {
  const entries = await readdir(folder).catch(absent);
  return (entries ?? [])
    .filter((name) => name.endsWith(ending) && !name.startsWith('.'))
    .map((name) => name.slice(0, name.length - ending.length))
    .sort();
}

export const exists = async (path: string): Promise<boolean> => (await stat(path).catch(absent)) !== undefined;

export function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}
