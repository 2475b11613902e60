import type { Document, Element } from '@xmldom/xmldom';
import type { ModelRule, Reported } from '../check.ts';
import { elementsOf, idAround } from './xml.ts';

/**
 * Positive lists of what a model may hold (architecture 5.12). The engine's wall has the same ones; models of packages
 * have call activities besides, which the packer takes out, and no timer dates, which it writes.
 */
const ELEMENTS = new Set(
  `definitions collaboration participant process laneSet lane childLaneSet flowNodeRef documentation extensionElements
  textAnnotation text association message error startEvent endEvent terminateEventDefinition errorEventDefinition
  boundaryEvent intermediateCatchEvent timerEventDefinition userTask serviceTask receiveTask subProcess callActivity
  multiInstanceLoopCharacteristics loopCardinality completionCondition exclusiveGateway parallelGateway inclusiveGateway
  sequenceFlow conditionExpression incoming outgoing`.split(/\s+/),
);
const EXTENSION_ELEMENTS = new Set('properties property inputOutput inputParameter outputParameter in out'.split(' '));
const CALL_ONLY = new Set(['in', 'out']);
const EXTENSION_ATTRIBUTES = new Set(
  `asyncAfter asyncBefore candidateGroups collection elementVariable errorCodeVariable errorMessageVariable exclusive
  formRef formRefBinding isStartableInTasklist jobPriority taskPriority topic type`.split(/\s+/),
);
const BPMN = 'http://www.omg.org/spec/BPMN/20100524/MODEL';
/** The engine reads its older namespace too. */
const EXTENSIONS = new Set(['http://camunda.org/schema/1.0/bpmn', 'http://activiti.org/bpmn']);
/** Attributes of BPMN itself that would let an element run code of its own. */
const ATTRIBUTES = new Set(['language', 'expressionLanguage', 'isForCompensation', 'triggeredByEvent']);

const TIMER: [string, string] = ['定时器不写时间，到期由时限决定', 'A timer has no date of its own, its clock has'];
const CODE: [string, string] = ['模型里不能有程序代码，改用外部任务', 'A model holds no code; use an external task'];
const WHY: Record<string, [string, string]> = {
  timeDate: TIMER,
  timeDuration: TIMER,
  timeCycle: TIMER,
  scriptTask: CODE,
  script: CODE,
  executionListener: CODE,
  taskListener: CODE,
  class: CODE,
  delegateExpression: CODE,
  expression: CODE,
  connector: CODE,
  businessRuleTask: ['决策表由外部任务 evaluate 执行', 'Decision tables are evaluated by the external task evaluate'],
  assignee: ['办理人由岗位决定，用 candidateGroups', 'Who may decide is said by candidateGroups'],
  dueDate: ['期限由时限决定，用 limit', 'Due dates are those of clocks; use limit'],
};

export const elements: ModelRule = {
  code: 'element',
  check: (document) => [
    ...doctype(document),
    ...elementsOf(document).flatMap((element) => [...wrong(element)].map((what) => report(element, what))),
  ],
};

function doctype(document: Document): Reported[] {
  return document.doctype ? [{ zh: '不能有 DOCTYPE', en: 'DOCTYPE is not allowed' }] : [];
}

function* wrong(element: Element): Iterable<string> {
  const name = element.localName ?? '';
  const uri = element.namespaceURI ?? '';
  if (uri === BPMN ? !ELEMENTS.has(name) : !(EXTENSIONS.has(uri) && EXTENSION_ELEMENTS.has(name))) yield name;
  if (CALL_ONLY.has(name) && !inCall(element)) yield name;
  for (const attribute of Array.from(element.attributes)) {
    const attributeName = attribute.localName ?? '';
    const extension = EXTENSIONS.has(attribute.namespaceURI ?? '');
    if (extension && !EXTENSION_ATTRIBUTES.has(attributeName)) yield attributeName;
    if (!attribute.namespaceURI && ATTRIBUTES.has(attributeName) && attribute.value !== 'false') yield attributeName;
  }
  if (name === 'serviceTask' && !isExternal(element)) yield 'serviceTask';
  if (name === 'intermediateCatchEvent' && !has(element, 'timerEventDefinition')) yield 'intermediateCatchEvent';
}

/** Only in the namespace that the packer and everything after it reads. */
const isExternal = (task: Element): boolean =>
  task.getAttributeNS('http://camunda.org/schema/1.0/bpmn', 'type') === 'external';

const inCall = (parameter: Element): boolean =>
  (parameter.parentNode?.parentNode as Element | null)?.localName === 'callActivity';

const has = (element: Element, name: string): boolean => element.getElementsByTagNameNS(BPMN, name).length > 0;

function report(element: Element, what: string): Reported {
  const [zh, en] = WHY[what] ?? ['不在允许的范围里', 'it is not on the list of what a model may hold'];
  return {
    element: idAround(element),
    line: element.lineNumber,
    zh: `模型里不能用 ${what}：${zh}`,
    en: `${what} is not allowed: ${en}`,
  };
}
