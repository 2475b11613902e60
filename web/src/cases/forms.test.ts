import assert from 'node:assert/strict';
import type { CaseView, TaskView } from '../api/index.ts';
import { formsOf } from './forms.ts';

describe('forms of a case', () => {
  it('puts the one to fill first and the application last', () => {
    const view = {
      form: 'application',
      forms: [
        { form: 'application', title: '申请书' },
        { form: 'technical-review', title: '技术评审报告' },
      ],
    } as CaseView;
    const task = { mine: true, form: 'certificate-proposal', edits: null, stepName: '审查' } as TaskView;
    assert.deepEqual(
      formsOf(view, task, true).map(({ form, edit }) => [form, edit]),
      [
        ['certificate-proposal', true],
        ['technical-review', false],
        ['application', false],
      ],
    );
    assert.equal(
      formsOf(view, task, false).some(({ edit }) => edit),
      false,
    );
  });
});
