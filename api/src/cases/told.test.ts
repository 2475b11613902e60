import assert from 'node:assert/strict';
import type { CompiledFlow, Step } from '../../../contracts/flow.ts';
import { toldFrom } from './told.ts';

const work = (id: string, topic: string, input: Record<string, string> = {}): [string, Step] => [
  id,
  { id, type: 'work', topic, input } as unknown as Step,
];
const flow = {
  steps: Object.fromEntries([
    work('serve', 'serve-document', { document: 'notice, copy' }),
    work('tell', 'notify', { to: 'starter, recall.leader@city' }),
    work('close', 'close-case'),
    work('other', 'notify', { to: 'applicant' }),
  ]),
  graph: {
    nodes: ['serve', 'tell', 'close', 'other'].map((id) => ({ id, type: 'serviceTask', name: id, parent: 'flow' })),
    flows: [
      { id: 'a', from: 'serve', to: 'tell' },
      { id: 'b', from: 'tell', to: 'close' },
    ],
  },
  documents: { notice: { title: { zh: '终止通知书', en: 'Notice' } } },
} as unknown as CompiledFlow;
const roles = [{ id: 'recall.leader', zh: '召回审批岗', en: 'Recall leader' }];

describe('what an exit tells', () => {
  it('names everybody behind it and what they are served [PLT-1.2]', () => {
    assert.deepEqual(toldFrom(flow, 'serve', roles), {
      zh: '告知申请人、发起人、召回审批岗；送达《终止通知书》',
      en: 'tells the applicant, the starter, Recall leader; serves “Notice”',
    });
    assert.equal(toldFrom(flow, 'other', roles)?.zh, '告知申请人');
    assert.equal(toldFrom({ ...flow, steps: {} }, 'serve', roles), undefined);
  });
});
