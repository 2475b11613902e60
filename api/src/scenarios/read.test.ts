import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Place } from '../flows/index.ts';
import { readScenario, ScenarioError, scenarioFiles } from './read.ts';

const RIGHT = `title: 一件
covers: [CMA-3.2]
on: 2026-09-14
start: { by: 申请人, materials: all }
steps:
  - by: 受理岗
    at: acceptance
    decide: { outcome: accept }
  - by: 审查岗
    return: { to: acceptance, mode: replay, reason: 漏了一页 }
  - by: 审查岗
    take-back: examine
  - pass: P2WD
  - refused: { by: 申请人, withdraw: 太晚, code: not-now }
  - expect:
      case: granted
      clocks: { decision: stopped }
`;

/** A flow's folder. */
function place(root: string, name: string): Place {
  const folder = join(root, name);
  return { kind: 'flow', name, id: name, folder, home: folder };
}

describe('scenario files', () => {
  let root: string;
  let folder: string;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'scenarios-'));
    folder = join(root, 'sample', 'scenarios');
    await mkdir(folder, { recursive: true });
  });
  after(() => rm(root, { recursive: true }));

  async function read(text: string) {
    const file = join(folder, 'one.scenario.yaml');
    await writeFile(file, text);
    return readScenario(file, place(root, 'sample'));
  }

  it('are read with the line of each step [PLT-3.5]', async () => {
    const { steps } = await read(RIGHT);
    assert.deepEqual(
      steps.map(({ kind, line }) => [kind, line]),
      [
        ['act', 6],
        ['act', 9],
        ['act', 11],
        ['pass', 13],
        ['refused', 14],
        ['expect', 15],
      ],
    );
    assert.deepEqual(await scenarioFiles(place(root, 'sample')), [join(folder, 'one.scenario.yaml')]);
    assert.deepEqual(await scenarioFiles(place(root, 'other')), []);
  });

  it('bring the scenario of another flow that comes first [PLT-3.5]', async () => {
    const first = join(root, 'first', 'scenarios', 'granted.scenario.yaml');
    await mkdir(join(root, 'first', 'scenarios'), { recursive: true });
    await writeFile(first, RIGHT);
    const { before } = await read(RIGHT.replace('on:', 'after: first/granted\non:'));
    assert.deepEqual([before?.file, before?.place.id, before?.steps.length], [first, 'first', 6]);
  });

  const wrong: [string, string, string, number, RegExp][] = [
    ['YAML that cannot be read', 'pass: P2WD', 'pass: [P2WD', 14, /./],
    ['an unknown word', 'outcome: accept', 'outcom: accept', 8, /steps\/0\/decide/],
    [
      'a step that does nothing',
      '    decide: { outcome: accept }\n',
      '',
      6,
      /decide, return, take-back, withdraw, terminate, part, open/,
    ],
    ['a way back that there is not', 'mode: replay', 'mode: skip', 10, /steps\/1\/return\/mode/],
    ['a time that is no limit', 'P2WD', '2 days', 13, /pass/],
    ['a requirement that is no id', 'CMA-3.2', 'CMA 3', 2, /covers\/0/],
    [
      'a scenario that is not there',
      'on: 2026-09-14',
      'on: 2026-09-14\nafter: first/none',
      4,
      /there is no first\/none/,
    ],
    ['an expectation that does not exist', 'case: granted', 'colour: red', 16, /expect/],
  ];
  for (const [what, from, to, line, message] of wrong)
    it(`name the line of ${what}`, async () => {
      await assert.rejects(read(RIGHT.replace(from, to)), (error: ScenarioError) => {
        assert.match(error.message, new RegExp(`one\\.scenario\\.yaml:${line} `));
        assert.match(error.message, message);
        return true;
      });
    });
});
