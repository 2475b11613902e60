import assert from 'node:assert/strict';
import type { Release } from '../../../contracts/flow.ts';
import type { Who } from '../core/index.ts';
import { mayReadForm } from './access.ts';

describe('the forms of a case', () => {
  const steps = {
    review: { groups: ['cma.review'], edits: { form: 'review' } },
    examine: { groups: ['cma.examine'], form: 'review' },
    supply: { groups: ['applicant'], edits: { form: 'application', open: 'pinned' } },
    object: { groups: ['starter'], form: 'statement' },
  };
  const FORMS = ['application', 'review', 'statement', 'notes'];
  const read = (kind: Who['kind'], by: string) => {
    const flow = { form: 'application', start: { roles: [by] } };
    const found = by === 'applicant' ? steps : { review: steps.review, object: steps.object };
    const release = { package: { flow, steps: found } } as unknown as Release;
    return FORMS.filter(mayReadForm({ kind } as Who, release));
  };

  it('are read by applicants where they are theirs; officers’ working papers are not [PLT-7.3]', () => {
    assert.deepEqual(read('applicant', 'applicant'), ['application', 'statement']);
    assert.deepEqual(read('applicant', 'recall.handler'), ['statement'], 'the office wrote what the case began with');
    assert.deepEqual(read('staff', 'applicant'), FORMS);
  });
});
