/** For tests only: a small package that has nothing wrong with it, to be changed in one place. */
import PizZip from 'pizzip';
import { z } from 'zod';
import { DocumentsJson, FlowJson } from '../../../contracts/flow.ts';
import { FormSchema } from '../../../contracts/forms/index.ts';
import type { KnownTopic } from './check.ts';
import type { BlockSource, PackageSource, Shared } from './read.ts';

const OUTCOMES = [
  { id: 'grant', zh: '准予', en: 'Grant' },
  { id: 'more', zh: '补正', en: 'Supplement' },
  { id: 'refuse', zh: '不予', en: 'Refuse' },
];
const AGAIN = [{ id: 'resubmit', zh: '提交', en: 'Submit' }];

/** One line per element: what stands in the process. A test replaces a line, or adds one. */
export const lines: Record<string, string> = {
  start: `<bpmn:startEvent id="start" name="申请" />`,
  decide: user('decide', 'sample.decide', { outcomes: JSON.stringify(OUTCOMES) }),
  decided: `<bpmn:exclusiveGateway id="decided" name="结果" default="decided-refused" />`,
  make: work('make', 'generate-document', { document: 'notice' }),
  granted: end('granted'),
  refused: end('refused'),
  supplement: user('supplement', 'applicant', {
    outcomes: JSON.stringify(AGAIN),
    edits: 'application:pinned',
    limit: 'P5WD',
    clock: 'decision=stop:supplement',
  }),
  late: `<bpmn:boundaryEvent id="late" name="逾期" attachedToRef="supplement"><bpmn:timerEventDefinition id="lateTimer" /></bpmn:boundaryEvent>`,
  lapsed: end('lapsed'),
  leave: work('leave', 'close-case', { exit: 'left' }),
  left: end('left'),
};

export const flows: [string, string, string?, string?][] = [
  ['start', 'decide'],
  ['decide', 'decided'],
  ['decided', 'make', '准予', `\${decide_outcome == 'grant'}`],
  ['decided', 'supplement', '补正', `\${decide_outcome == 'more'}`],
  ['decided', 'refused', '不予'],
  ['make', 'granted'],
  ['supplement', 'decide'],
  ['late', 'lapsed'],
  ['leave', 'left'],
];

export function user(id: string, groups: string, properties: Record<string, string>): string {
  return `<bpmn:userTask id="${id}" name="${id}" camunda:candidateGroups="${groups}">${extensions(properties)}</bpmn:userTask>`;
}
export function work(id: string, topic: string, properties: Record<string, string>): string {
  return `<bpmn:serviceTask id="${id}" name="${id}" camunda:type="external" camunda:topic="${topic}">${extensions(properties)}</bpmn:serviceTask>`;
}
export function end(id: string): string {
  return `<bpmn:endEvent id="${id}" name="${id}">${extensions({ result: id })}</bpmn:endEvent>`;
}

function extensions(properties: Record<string, string>): string {
  const list = Object.entries(properties).map(
    ([name, value]) => `<camunda:property name="${name}" value="${value.replaceAll('"', '&quot;')}" />`,
  );
  return `<bpmn:extensionElements><camunda:properties>${list.join('')}</camunda:properties></bpmn:extensionElements>`;
}

/** A model with a shape for each element, ten to a row. */
export function modelOf(id: string, elements = lines, connections = flows): string {
  const edges = connections.map(([from, to, name, condition]) => {
    const attributes = `id="${from}-${to}" sourceRef="${from}" targetRef="${to}"${name ? ` name="${name}"` : ''}`;
    const inner = condition
      ? `<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${condition}</bpmn:conditionExpression>`
      : '';
    return `<bpmn:sequenceFlow ${attributes}>${inner}</bpmn:sequenceFlow>`;
  });
  const shapes = Object.keys(elements).map((of, i) => {
    const bounds = `x="${(i % 10) * 200}" y="${Math.floor(i / 10) * 200}" width="100" height="80"`;
    return `<bpmndi:BPMNShape id="${of}-shape" bpmnElement="${of}"><dc:Bounds ${bounds} /></bpmndi:BPMNShape>`;
  });
  const ways = connections.map(
    ([from, to]) =>
      `<bpmndi:BPMNEdge id="${from}-${to}-edge" bpmnElement="${from}-${to}"><di:waypoint x="0" y="0" /><di:waypoint x="9" y="9" /></bpmndi:BPMNEdge>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  id="${id}-definitions" targetNamespace="https://zhunyu.example/flows">
<bpmn:process id="${id}" name="${id}" isExecutable="true">
${Object.values(elements).join('\n')}
${edges.join('\n')}
</bpmn:process>
<bpmndi:BPMNDiagram id="${id}-diagram"><bpmndi:BPMNPlane id="${id}-plane" bpmnElement="${id}">
${[...shapes, ...ways].join('\n')}
</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>`;
}

export const shared: Shared = {
  roles: [{ id: 'sample.decide', zh: '决定岗', en: 'Decision' }],
  blocks: {},
  numberRules: ['case.sample', 'document.sample'],
  lists: [],
  english: {},
};

export const topics: KnownTopic[] = [
  { name: 'generate-document', input: z.strictObject({ document: z.string() }) },
  { name: 'close-case', input: z.strictObject({}) },
  { name: 'validate', input: z.strictObject({ checks: z.enum(['uscc'], '没有这项校验') }) },
];

const DMN = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="fee-definitions" name="fee" namespace="https://zhunyu.example/tables">
<decision id="fee" name="fee"><decisionTable id="fee-table" hitPolicy="FIRST">
<input id="in"><inputExpression id="in-expression" typeRef="number"><text>people</text></inputExpression></input>
<output id="out" name="fee" typeRef="string" />
<rule id="big"><inputEntry id="big-in"><text>&gt; 10</text></inputEntry><outputEntry id="big-out"><text>"high"</text></outputEntry></rule>
<rule id="else"><inputEntry id="else-in"><text></text></inputEntry><outputEntry id="else-out"><text>"low"</text></outputEntry></rule>
</decisionTable></decision></definitions>`;

const FLOW = {
  id: 'sample',
  code: 'S-1',
  title: { zh: '示例', en: 'Sample' },
  summary: { zh: '示例', en: 'Sample' },
  case: { numberRule: 'case.sample', title: '{applicant} 示例' },
  subject: { register: 'institution' },
  form: 'application',
  start: { roles: ['applicant'] },
  withdraw: { title: { zh: '撤回', en: 'Withdraw' }, until: ['decide'], exit: 'leave' },
  legalBasis: ['《行政许可法》'],
  conditions: [],
  fee: '0',
  clocks: [
    {
      id: 'decision',
      title: { zh: '许可期限', en: 'Decision' },
      basis: '《行政许可法》第四十二条',
      limit: 'P20WD',
      from: ['entered:decide'],
      until: ['outcome:decide=grant', 'outcome:decide=refuse'],
    },
  ],
  materials: [
    { id: 'plan', title: { zh: '方案', en: 'Plan' }, required: true, when: 'big = "yes"', types: ['pdf'], max: 1 },
  ],
};

/** The smallest Word file that has this text; the same bytes each time. */
export function docx(text: string): Uint8Array {
  const zip = new PizZip();
  const entry = (name: string, content: string) => zip.file(name, content, { date: new Date(1980, 0, 1) });
  const types = 'http://schemas.openxmlformats.org/package/2006/content-types';
  const main = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml';
  const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const words = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
  entry(
    '[Content_Types].xml',
    `<Types xmlns="${types}"><Override PartName="/word/document.xml" ContentType="${main}"/></Types>`,
  );
  entry(
    '_rels/.rels',
    `<Relationships><Relationship Type="${relations}/officeDocument" Target="word/document.xml"/></Relationships>`,
  );
  entry(
    'word/document.xml',
    `<w:document xmlns:w="${words}"><w:body><w:p><w:r><w:t>${text}</w:t></w:r></w:p></w:body></w:document>`,
  );
  return zip.generate({ type: 'uint8array' });
}

export function blockOf(id: string, model: string, parts: Partial<BlockSource> = {}): BlockSource {
  const title = { zh: id, en: id };
  const block = { id, title, summary: title, parameters: [] };
  return { block, model, english: {}, forms: {}, documents: {}, messages: {}, templates: {}, ...parts };
}

/** A new copy each time. */
export function samplePackage(): PackageSource {
  return {
    id: 'sample',
    folder: 'workflows/sample',
    flow: FlowJson.parse(structuredClone(FLOW)),
    model: modelOf('sample'),
    forms: {
      application: FormSchema.parse({
        type: 'default',
        id: 'application',
        components: [
          { type: 'text', key: 'name', label: '名称' },
          {
            type: 'table',
            key: 'sites',
            label: '场所',
            columns: [{ type: 'text', key: 'address', label: '地址' }],
          },
          { type: 'choice', key: 'big', label: '大型', values: [{ value: 'yes', label: '是' }] },
        ],
      }),
    },
    tables: { fee: DMN },
    documents: DocumentsJson.parse({
      notice: {
        kind: 'document',
        title: { zh: '通知书', en: 'Notice' },
        template: 'sample/notice.docx',
        numberRule: 'document.sample',
        seal: 'office',
        addressee: 'applicant',
      },
    }),
    messages: {},
    samples: {},
    templates: { 'sample/notice.docx': docx('{form.name}') },
    blocks: {},
    english: {},
  };
}
