import assert from 'node:assert/strict';
import { renewalOf } from './renewals.ts';

describe('renewal of a certificate', () => {
  const certificate = {
    id: 'c',
    number: '262400000001',
    institution_id: 'i',
    valid_to: '2027-05-31',
    holder_name: '某机构',
    data: { kindTitle: '资质认定证书' } as never,
  };
  const flow = (renews?: { window: string; until?: string }) => ({
    id: 'renewal',
    title: { zh: '延续', en: 'Renewal' },
    certificate: { register: 'certificate', of: 'subject', states: ['valid' as const], renews } as const,
  });
  const asked = { ...flow({ window: 'P6M', until: 'P3M' }) };

  it('is offered from the first day of the window on, with the days left [PLT-2.7]', () => {
    const on = (day: string) => renewalOf(asked as never, certificate, day);
    assert.equal(on('2026-11-29'), null);
    assert.deepEqual([on('2026-11-30')?.left, on('2026-11-30')?.applyBy], [182, '2027-02-28']);
    assert.equal(on('2027-05-31')?.left, 0);
    assert.equal(on('2027-06-01')?.left, -1);
  });

  it('is nothing of a flow that renews none', () => {
    assert.equal(renewalOf(flow() as never, certificate, '2027-05-30'), null);
  });
});
