import assert from 'node:assert/strict';
import { compiled } from '../flows/index.ts';
import { samplePackage } from '../flows/testing.ts';
import { coverageOf, coverageText, percentOf } from './coverage.ts';
import { coveragePage } from './page.ts';
import { drawnPath } from './trace.ts';

const granted = {
  flows: ['start-decide', 'decide-decided', 'decided-make', 'make-granted'],
  outcomes: ['decide=grant'],
};

describe('coverage of a model by its scenarios', () => {
  it('names every flow and outcome that none of them took, with its percentage [PLT-3.5]', async () => {
    const model = await compiled(samplePackage());
    const coverage = coverageOf(model, [granted, granted]);
    assert.deepEqual([percentOf(coverage.flows), percentOf(coverage.outcomes)], [44, 25]);
    const text = coverageText('sample', coverage);
    assert.match(text, /sample 连线 flows 44%（9），办理结果 outcomes 25%（4）/);
    assert.match(text, /未走到的连线 decided-refused（结果 → refused）/);
    assert.match(text, /未走到的办理结果 decide=more（decide：补正）/);
    assert.doesNotMatch(text, /decide=grant|make-granted/);
  });

  it('draws what was taken and what was not', async () => {
    const model = await compiled(samplePackage());
    const page = coveragePage('sample', model, coverageOf(model, [granted]));
    const lines = [...page.matchAll(/<polyline class="(taken|missed)"[^>]*><title>([^<]*)/g)].map(([, how, id]) => [
      id,
      how,
    ]);
    assert.equal(lines.length, 9);
    assert.deepEqual(Object.fromEntries(lines)['make-granted'], 'taken');
    assert.deepEqual(Object.fromEntries(lines)['decided-refused'], 'missed');
  });
});

describe('the drawn position of a case', () => {
  it('shows the way, who decided and what lives, a branch on a line of its own', () => {
    const at = (minute: number) => new Date(Date.UTC(2026, 8, 14, 1, minute)).toISOString();
    const step = (id: string, name: string, from: number, to: number | null, by: string | null = null) => ({
      id,
      name,
      type: 'userTask',
      state: to === null ? 'live' : 'done',
      visits: [
        {
          enteredAt: at(from),
          leftAt: to === null ? null : at(to),
          how: to === null ? null : 'done',
          by,
          holder: to === null ? '田沐辰' : null,
        },
      ],
    });
    const flow = (id: string, from: string, to: string) =>
      `<bpmn:sequenceFlow id="${id}" sourceRef="${from}" targetRef="${to}" />`;
    const drawing = {
      xml: flow('a', 'accept', 'review') + flow('b', 'accept', 'check'),
      steps: [step('accept', '受理', 0, 1, '韦若岚'), step('review', '评审', 1, null), step('check', '核查', 1, 2)],
      taken: ['a', 'b'],
    } as Parameters<typeof drawnPath>[0];
    assert.equal(drawnPath(drawing), '  受理 accept（韦若岚） → ▶ 评审 review（田沐辰）\n  核查 check');
  });
});
