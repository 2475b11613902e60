import type { PackageRule } from '../check.ts';

/** A receive task waits for a message by name; an error is caught by its code. */
export const messages: PackageRule = {
  code: 'message',
  check: ({ elements }) => [
    ...elements
      .filter((e) => e.$type === 'bpmn:ReceiveTask' && !e.messageRef?.name)
      .map((e) => ({ element: e.id, zh: '没有写明等待哪个消息', en: 'It does not say which message it waits for' })),
    ...elements
      .filter((e) => e.eventDefinitions?.some((d) => d.$type === 'bpmn:ErrorEventDefinition' && !d.errorRef?.errorCode))
      .map((e) => ({ element: e.id, zh: '没有写明错误代码', en: 'It does not say which error code' })),
  ],
};
