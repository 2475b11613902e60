/** Small BPMN models for tests, as text; without diagrams. The elements are those of the product's positive list. */
import { NEVER } from '../port/index.ts';

/** The XML of a model: elements first, flows (`path`, `flow`) among them in any order. */
export function model(key: string, elements: string[], { roots = [] }: { roots?: string[] } = {}): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="https://zhunyu.example/test">
  ${roots.join('\n  ')}
  <process id="${key}" isExecutable="true" camunda:historyTimeToLive="P90D">
    ${elements.join('\n    ')}
  </process>
</definitions>
`;
}

export function start(id: string): string {
  return `<startEvent id="${id}"/>`;
}

/** An end event; `error` names a root element made by {@link error}. */
export function end(id: string, how?: 'terminate' | { error: string }): string {
  if (how === 'terminate') return `<endEvent id="${id}"><terminateEventDefinition/></endEvent>`;
  return `<endEvent id="${id}">${how ? `<errorEventDefinition errorRef="${how.error}"/>` : ''}</endEvent>`;
}

/** A root element for `model(…, {roots})`. */
export function error(id: string, code: string): string {
  return `<error id="${id}" name="${code}" errorCode="${code}"/>`;
}

export function user(id: string, { groups }: { groups?: string } = {}): string {
  return `<userTask id="${id}" name="${id}"${attribute('candidateGroups', groups)}/>`;
}

/** An external task. */
export function work(id: string, topic = id, properties: Record<string, string> = {}): string {
  const listed = Object.entries(properties).map(
    ([name, value]) => `<camunda:property name="${name}" value="${value}"/>`,
  );
  return `<serviceTask id="${id}" name="${id}" camunda:type="external" camunda:topic="${topic}">${
    listed.length ? extensions(`<camunda:properties>${listed.join('')}</camunda:properties>`) : ''
  }</serviceTask>`;
}

export function receive(id: string): string {
  return `<receiveTask id="${id}"/>`;
}

export function gateway(kind: 'exclusive' | 'parallel' | 'inclusive', id: string, defaultFlow?: string): string {
  return `<${kind}Gateway id="${id}"${defaultFlow ? ` default="${defaultFlow}"` : ''}/>`;
}

export interface SubOptions {
  /** Makes it a parallel multi-instance sub-process: a thread per entry of the comma list in the variable `list`. */
  each?: { list: string; as: string };
  /** Input parameters; null declares a local variable without a value. */
  inputs?: Record<string, string | null>;
}

export function sub(id: string, elements: string[], { each, inputs = {} }: SubOptions = {}): string {
  const parameters = Object.entries(inputs).map(([name, value]) =>
    value === null
      ? `<camunda:inputParameter name="${name}"/>`
      : `<camunda:inputParameter name="${name}">${value}</camunda:inputParameter>`,
  );
  const threads = each
    ? `<multiInstanceLoopCharacteristics${attribute('collection', `\${list(${each.list})}`)}${attribute('elementVariable', each.as)}/>`
    : '';
  return `<subProcess id="${id}">${
    parameters.length ? extensions(`<camunda:inputOutput>${parameters.join('')}</camunda:inputOutput>`) : ''
  }${threads}${elements.join('')}</subProcess>`;
}

/** A boundary timer with a fixed date. */
export function timer(id: string, on: string, { interrupting = true, date = NEVER } = {}): string {
  return `<boundaryEvent id="${id}" attachedToRef="${on}" cancelActivity="${interrupting}"><timerEventDefinition><timeDate xsi:type="tFormalExpression">${date}</timeDate></timerEventDefinition></boundaryEvent>`;
}

/** A boundary event that catches the root element `errorRef` made by {@link error}. */
export function caught(id: string, on: string, errorRef: string): string {
  return `<boundaryEvent id="${id}" attachedToRef="${on}"><errorEventDefinition errorRef="${errorRef}"/></boundaryEvent>`;
}

/** A flow with the id `<from>-<to>`; the condition is what stands between `${` and `}`. */
export function flow(from: string, to: string, condition?: string): string {
  const inside = condition
    ? `<conditionExpression xsi:type="tFormalExpression">\${${escape(condition)}}</conditionExpression>`
    : '';
  return `<sequenceFlow id="${from}-${to}" sourceRef="${from}" targetRef="${to}">${inside}</sequenceFlow>`;
}

/** Flows along a path, such as `path('s a e')`. */
export function path(steps: string): string {
  const ids = steps.split(' ');
  return ids
    .slice(1)
    .map((to, index) => flow(ids[index]!, to))
    .join('');
}

/** A whole model: two branches `a` and `b` between a fork and the join `jn`, a step `pre` before and `c` after. */
export function branches(kind: 'parallel' | 'inclusive'): string[] {
  return [
    ...[start('s'), user('pre'), gateway(kind, 'fk'), user('a'), user('b'), gateway(kind, 'jn'), user('c'), end('e')],
    ...[path('s pre fk a jn c e'), path('fk b jn')],
  ];
}

/** A decision table with FEEL cells, hit policy FIRST; `columns` name the inputs, then the output. */
export function table(
  key: string,
  columns: string[],
  rows: string[][],
  { language }: { language?: string } = {},
): string {
  const expressionLanguage = language ? ` expressionLanguage="${language}"` : '';
  const inputs = columns.slice(0, -1);
  const input = (name: string, index: number) =>
    `<input id="in${index}"><inputExpression id="ine${index}" typeRef="string"${expressionLanguage}><text>${name}</text></inputExpression></input>`;
  const rule = (cells: string[], index: number) =>
    `<rule id="r${index}">${cells
      .map((cell, column) => {
        const tag = column < inputs.length ? 'inputEntry' : 'outputEntry';
        return `<${tag} id="c${index}_${column}"><text><![CDATA[${cell}]]></text></${tag}>`;
      })
      .join('')}</rule>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:camunda="http://camunda.org/schema/1.0/dmn" id="${key}_definitions" name="${key}" namespace="https://zhunyu.example/test">
  <decision id="${key}" name="${key}" camunda:historyTimeToLive="P90D">
    <decisionTable id="${key}_table" hitPolicy="FIRST">
      ${inputs.map(input).join('')}
      <output id="out" name="${columns.at(-1)}"/>
      ${rows.map(rule).join('\n      ')}
    </decisionTable>
  </decision>
</definitions>
`;
}

function attribute(name: string, value: string | undefined): string {
  return value === undefined ? '' : ` camunda:${name}="${value}"`;
}

function extensions(inside: string): string {
  return `<extensionElements>${inside}</extensionElements>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
