/** Flow packages: read, checked, packed, released, and what a release says. */
import type { CompiledFlow, EnglishJson, Release } from '../../../contracts/flow.ts';
import { English } from '../../../contracts/api/index.ts';
import { defineRoute, notFound, type AnyRoute, type Core } from '../core/index.ts';
import { compile } from './compile.ts';
import { createFlowsRepository } from './flows.repository.ts';
import { pack } from './pack.ts';
import { releaseAll, type Released, type ReleaseOptions } from './release.ts';
import type { Folders } from './places.ts';
import type { PackageSource } from './read.ts';

export { copyPackage, NewFlowError } from './copy.ts';
export { checkPackage, type KnownTopic } from './check.ts';
export { writeElementTemplates, type TemplateTopic } from './element-templates.ts';
export { withoutEnglish } from './english.ts';
export { describe, PackageError, type Finding } from './finding.ts';
export { packagePlaces, type Folders, type Place } from './places.ts';
export { readPackage, readShared, type PackageSource, type Shared } from './read.ts';
export { nextAfter, reachable } from './routes.ts';
export type { Released, ReleaseOptions } from './release.ts';

/** What a checked package would be released as, for whoever only wants to look at it. */
export const compiled = async (source: PackageSource): Promise<CompiledFlow> => compile(source, await pack(source), {});

export interface Flows {
  /** @throws PackageError when any package has findings: then none is released. */
  release(folders: Folders, options: ReleaseOptions): Promise<Released[]>;
  /** @throws Problem not-found */
  get(releaseId: string): Promise<Release>;
  /** The newest release of a flow. @throws Problem not-found */
  current(flowId: string): Promise<Release>;
  /** The newest release of each flow, by id. */
  all(): Promise<Release[]>;
  /** Bytes of a template as they were when the package was released. @throws Problem not-found */
  template(release: Release, path: string): Promise<Buffer>;
  /** Bytes of a sample or empty form of a material. @throws Problem not-found */
  sample(release: Release, name: string): Promise<Buffer>;
}

/** `words`: English of what the product itself writes into rows in Chinese. */
export function createFlows(core: Core, words: EnglishJson = {}): Flows & { routes: AnyRoute[] } {
  const repository = createFlowsRepository(core.db);
  // Releases never change, so what was read once is right for ever; which one is the newest is asked each time.
  const known = new Map<string, Release>();

  async function get(id: string): Promise<Release> {
    const release = known.get(id) ?? (await repository.byId(id));
    if (!release) throw notFound();
    known.set(id, release);
    return release;
  }

  async function file(hash: string | undefined): Promise<Buffer> {
    if (!hash) throw notFound();
    return core.files.get(hash);
  }

  const all = async () => Promise.all((await repository.newestIds()).map(get));

  const english = defineRoute({
    method: 'get',
    path: '/english',
    title: { zh: '流程用语的英文', en: 'English of what flows say' },
    rights: { kind: 'signed-in' },
    answer: English,
    handle: async () => ({
      texts: Object.assign({}, words, ...(await all()).map((one) => one.package.english)) as English['texts'],
    }),
  });

  return {
    routes: [english],
    get,
    release: (folders, options) => releaseAll(core, repository, folders, options),
    async current(flowId) {
      const newest = await repository.newest(flowId);
      if (!newest) throw notFound();
      return get(newest.id);
    },
    all,
    template: (release, path) => file(release.package.templates[path]),
    sample: (release, name) => file(release.package.samples[name]),
  };
}
