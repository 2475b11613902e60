import assert from 'node:assert/strict';
import { sentence, type Line } from './texts.ts';

const line = (more: Partial<Line>): Line => ({
  action: 'task.decide',
  person: '韦若岚',
  onBehalfOf: null,
  role: { zh: '受理岗', en: 'Acceptance' },
  office: '南明区市场监督管理局',
  step: '受理',
  visit: 1,
  occurredAt: null,
  detail: {},
  ...more,
});

describe('sentences of the time line', () => {
  it('say who, for whom, as what, where, what, why, by which article, with what effect, when [PLT-8.1, PLT-1.8]', () => {
    const told = sentence(
      line({
        onBehalfOf: '田沐辰',
        visit: 2,
        occurredAt: '2026-11-20 09:10',
        detail: {
          outcome: 'refuse',
          outcomeTitle: { zh: '不予受理', en: 'Not accepted' },
          reason: '不属于本机关职权范围。',
          article: '《行政许可法》第三十二条',
          cancelled: ['技术评审'],
          kept: ['核验'],
        },
      }),
    );
    assert.equal(
      told.zh,
      '韦若岚（南明区市场监督管理局受理岗，代田沐辰）在「受理」（第 2 次）作出「不予受理」。理由：不属于本机关职权范围。依据：《行政许可法》第三十二条。取消：技术评审。保留：核验。实际时间：2026-11-20 09:10。',
    );
    assert.equal(
      told.en,
      '韦若岚 (Acceptance, 南明区市场监督管理局, for 田沐辰) decided “Not accepted” at “受理” (visit 2). Reason: 不属于本机关职权范围。 Basis: 《行政许可法》第三十二条. Cancelled: “技术评审”. Kept: “核验”. Happened at 2026-11-20 09:10.',
    );
  });

  it('leave out what is not known [PLT-8.1]', () => {
    const plain = { role: null, office: null, step: null };
    assert.equal(sentence(line({ ...plain, action: 'case.start' })).zh, '韦若岚提交申请。');
    assert.equal(
      sentence(line({ ...plain, action: 'case.start', detail: { number: 'CMA-2026-00417' } })).zh,
      '韦若岚提交申请，办件编号 CMA-2026-00417。',
    );
  });

  it('name what happened by itself, and an action without a text [PLT-8.1]', () => {
    const told = sentence(line({ person: null, step: null, action: 'clock.stop', detail: { title: '许可决定' } }));
    assert.equal(told.zh, '按流程自动：「许可决定」时限停止，所停时间不计入。');
    assert.equal(told.en, 'Automatically: the time limit “许可决定” stopped; this time is not counted.');
    assert.match(sentence(line({ action: 'moon.landed' })).zh, /办理（moon\.landed）/);
  });
});
