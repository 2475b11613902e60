import type { PackageRule } from '../check.ts';

/** A receive step waits for the answer to what another step sent; an error is caught by its code. */
export const messages: PackageRule = {
  code: 'message',
  check: ({ elements, compiled: { steps } }) => [
    ...elements
      .filter((e) => e.$type === 'bpmn:ReceiveTask' && !Object.values(steps).some(({ input }) => input.answer === e.id))
      .map((e) => ({
        element: e.id,
        zh: '没有环节以它为 answer，等不到答复',
        en: 'No step names it as `answer`: it would wait for ever',
      })),
    ...elements
      .filter((e) => e.eventDefinitions?.some((d) => d.$type === 'bpmn:ErrorEventDefinition' && !d.errorRef?.errorCode))
      .map((e) => ({ element: e.id, zh: '没有写明错误代码', en: 'It does not say which error code' })),
  ],
};
