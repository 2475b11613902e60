/** Releases all flow packages that have changed, and writes the modeler's element templates; part of the start, after the engine and before the api. */
import { fileURLToPath } from 'node:url';
import { createFlows, describe, PackageError, writeElementTemplates } from '../flows/index.ts';
import { knownTopics } from './known-topics.ts';
import { openProcess } from './process.ts';

const folder = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url));

/** Returns the process's exit code: 1 where a package has to be mended. */
async function release(): Promise<number> {
  const { core, close } = await openProcess(process.env);
  try {
    const folders = { workflows: folder('workflows'), templates: folder('templates') };
    await writeElementTemplates(folders, knownTopics());
    const released = await createFlows(core).release(folders, { by: null, topics: knownTopics() });
    for (const { flow, version, changed } of released) {
      process.stdout.write(`${flow} ${version}${changed ? ' 已发布 | released' : ' 没有变化 | unchanged'}\n`);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof PackageError)) throw error;
    for (const finding of error.findings) process.stderr.write(`${describe(finding)}\n`);
    return 1;
  } finally {
    await close();
  }
}

process.exitCode = await release();
