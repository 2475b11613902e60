import { StepId } from '../../../../contracts/flow.ts';
import type { ModelRule } from '../check.ts';
import { elementsOf } from './xml.ts';

const NAMED = new Set(['userTask', 'serviceTask', 'receiveTask', 'callActivity', 'subProcess', 'boundaryEvent']);

/** Conditions read `<step>_outcome`: a hyphen would be a minus there, a dot a property (ENGINE.md 18). */
export const stepIds: ModelRule = {
  code: 'step-id',
  check: (document) =>
    elementsOf(document)
      .filter((e) => NAMED.has(e.localName ?? '') && !StepId.safeParse(e.getAttribute('id')).success)
      .map((e) => ({
        element: e.getAttribute('id') ?? undefined,
        line: e.lineNumber,
        zh: '编号以小写字母开头，只用字母、数字和下划线',
        en: 'An id begins with a small letter and has letters, digits and _ only',
      })),
};
