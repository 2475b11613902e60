/** One world with a sandbox of its own, for tests that need no other. */
import type { Folders } from '../flows/index.ts';
import { createSandbox, type World, type WorldOptions } from './sandbox.ts';

export type { World, WorldOptions } from './sandbox.ts';

export async function openWorld({ folders, ...options }: WorldOptions & { folders?: Folders } = {}): Promise<World> {
  const sandbox = await createSandbox({ ...(folders && { folders }) });
  const world = await sandbox.openWorld(options);
  return {
    ...world,
    async close() {
      await world.close();
      await sandbox.close();
    },
  };
}
