/** Runs the scenarios of packages, two at a time, and writes down what they take of each model. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compiled, readPackage, readShared, type Folders, type Place } from '../flows/index.ts';
import {
  coverageOf,
  coveragePage,
  coverageText,
  readScenario,
  runScenarios,
  scenarioFiles,
  type Coverage,
  type Ran,
} from '../scenarios/index.ts';
import { createSandbox } from './sandbox.ts';

/** Answers how many failed. `coverageFolder` gets a page per package. */
export async function testPackages(
  folders: Folders,
  places: Place[],
  coverageFolder: string,
  say: (line: string) => void,
): Promise<number> {
  const found = await Promise.all(
    places.map(async (place) => Promise.all((await scenarioFiles(place)).map((file) => readScenario(file, place)))),
  );
  const sandbox = await createSandbox({ folders, everything: true, ahead: true });
  const running = runScenarios(found.flat(), sandbox.openWorld);
  let failed = 0;
  for (const [i, place] of places.entries()) {
    const own = found[i]!;
    const done: Ran[] = [];
    for (const scenario of own) {
      const ran = await running[found.flat().indexOf(scenario)]!;
      say(
        ran.error
          ? `✘ ${place.name}: ${scenario.title}\n${ran.error.message}`
          : `✔ ${place.name}: ${scenario.title} ${ran.ms} ms`,
      );
      done.push(ran);
    }
    failed += done.filter((ran) => ran.error).length;
    const coverage = await coverPackage(folders, place, done, coverageFolder);
    if (own.length > 0) say(coverageText(place.name, coverage));
  }
  await sandbox.close();
  return failed;
}

/** What these runs took of the package's model, also drawn in `<folder>/<name>.html`. */
export async function coverPackage(
  folders: Folders,
  place: Place,
  ran: Ran[],
  coverageFolder: string,
): Promise<Coverage> {
  const shared = await readShared(folders);
  const read = shared.value && (await readPackage(folders, place, shared.value));
  if (!read?.value) throw new Error(`${place.name} cannot be read`);
  const model = await compiled(read.value);
  const coverage = coverageOf(
    model,
    ran.flatMap(({ trace }) => trace ?? []),
  );
  await mkdir(coverageFolder, { recursive: true });
  await writeFile(join(coverageFolder, `${place.name}.html`), coveragePage(place.name, model, coverage));
  return coverage;
}
