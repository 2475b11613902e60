/** One minimal broken package for each rule of `flow -- check`: a list, as long as there are rules. */
import PizZip from 'pizzip';
import type { PackageSource } from './read.ts';
import { docx, end, flows, lines, modelOf, user, work } from './testing.ts';

type Change = (source: PackageSource) => void;

/** Replaces or adds elements and connections of the sample's model. */
const model =
  (elements: Record<string, string>, connections = flows): Change =>
  (source) => {
    source.model = modelOf('sample', { ...lines, ...elements }, connections);
  };
const without = (from: string, to: string) => flows.filter(([a, b]) => a !== from || b !== to);
const task = (attributes: string, inner = '') =>
  model({ make: `<bpmn:serviceTask id="make" name="make" ${attributes}>${inner}</bpmn:serviceTask>` });
const external = 'camunda:type="external" camunda:topic="close-case"';
const extension = (inner: string) => `<bpmn:extensionElements>${inner}</bpmn:extensionElements>`;
const condition = (text: string) =>
  model({}, [...without('decided', 'make'), ['decided', 'make', '准予', text.replaceAll('<', '&lt;')]]);
const activiti = 'xmlns:activiti="http://activiti.org/bpmn"';
const outcomes = (list: unknown) => ({ outcomes: JSON.stringify(list) });
const outcome = (id: string) => ({ id, zh: id, en: id });
const dmn = (from: string, to: string): Change => {
  return (source) => void (source.tables.fee = source.tables.fee!.replace(from, to));
};

const template =
  (text: string): Change =>
  (source) => {
    source.templates['sample/notice.docx'] = docx(text);
  };

/** A property more at the step `decide`. */
const property = (name: string, value: string): Change =>
  model({
    decide: lines.decide!.replace(
      '<camunda:properties>',
      `<camunda:properties><camunda:property name="${name}" value="${value}" />`,
    ),
  });
/** A sub-process that is repeated, so. */
const threaded = (loop: string): Change =>
  model({
    part: `<bpmn:subProcess id="part" name="part"><bpmn:startEvent id="in" name="in" /><bpmn:endEvent id="out" name="out" /><bpmn:sequenceFlow id="inside" sourceRef="in" targetRef="out" /><bpmn:multiInstanceLoopCharacteristics ${loop} /></bpmn:subProcess>`,
  });

/** What is wrong, the rule that finds it, and the place that it names. */
export const brokenPackages: [what: string, rule: string, place: string, Change][] = [
  ['a script task', 'element', 'make', model({ make: '<bpmn:scriptTask id="make" name="make" />' })],
  ['a script', 'element', 'make', task(external, extension('<camunda:script scriptFormat="juel">1</camunda:script>'))],
  [
    'a listener',
    'element',
    'make',
    task(external, extension('<camunda:executionListener event="start" class="x.Y" />')),
  ],
  [
    'a task listener in the older namespace',
    'element',
    'make',
    task(`${external} ${activiti}`, extension('<activiti:taskListener event="create" expression="${a}" />')),
  ],
  ['a class', 'element', 'make', task('camunda:class="java.lang.Runtime"')],
  ['a class in the older namespace', 'element', 'make', task(`${activiti} activiti:class="java.lang.Runtime"`)],
  [
    'a class in the older namespace under another prefix',
    'element',
    'make',
    task('xmlns:a="http://activiti.org/bpmn" a:class="x.Y"'),
  ],
  ['a delegate expression', 'element', 'make', task('camunda:delegateExpression="${bean}"')],
  [
    'a delegate expression in the older namespace',
    'element',
    'make',
    task(`${activiti} activiti:delegateExpression="x"`),
  ],
  ['an expression task', 'element', 'make', task('camunda:expression="x"')],
  ['a field', 'element', 'make', task(external, extension('<camunda:field name="a" stringValue="b" />'))],
  [
    'a connector',
    'element',
    'make',
    task(external, extension('<camunda:connector><camunda:connectorId>x</camunda:connectorId></camunda:connector>')),
  ],
  ['a service task without a worker', 'element', 'make', task('')],
  [
    'external in the older namespace only',
    'element',
    'make',
    task(`${activiti} activiti:type="external" activiti:topic="close-case"`),
  ],
  [
    'an assignee',
    'element',
    'decide',
    model({ decide: lines.decide!.replace('camunda:', 'camunda:assignee="x" camunda:') }),
  ],
  [
    'an event sub-process',
    'element',
    'sub',
    model({ sub: '<bpmn:subProcess id="sub" name="s" triggeredByEvent="true" />' }),
  ],
  [
    'a timer with a date',
    'element',
    'lateTimer',
    model({
      late: lines.late!.replace(' /></', '><bpmn:timeDate>2026-12-01</bpmn:timeDate></bpmn:timerEventDefinition></'),
    }),
  ],
  [
    'a business rule task',
    'element',
    'make',
    model({ make: '<bpmn:businessRuleTask id="make" name="m" camunda:decisionRef="fee" />' }),
  ],
  [
    'another expression language',
    'element',
    'sample-definitions',
    (s) => void (s.model = s.model.replace('<bpmn:definitions', '<bpmn:definitions expressionLanguage="groovy"')),
  ],
  [
    'a DOCTYPE',
    'element',
    '',
    (s) => void (s.model = s.model.replace('<bpmn:definitions', '<!DOCTYPE a><bpmn:definitions')),
  ],
  ['broken XML', 'xml', '', (s) => void (s.model = s.model.replace('</bpmn:process>', ''))],
  ['a method call in a condition', 'expression', 'decided-make', condition(`\${decide_outcome.equals('grant')}`)],
  ['a bean in a condition', 'expression', 'decided-make', condition('${dataSource.jdbcUrl == 1}')],
  [
    'an expression among the candidates',
    'expression',
    'decide',
    model({ decide: user('decide', "${''.getClass()}", outcomes([outcome('grant')])) }),
  ],
  [
    'an expression in a name',
    'expression',
    'granted',
    model({ granted: lines.granted!.replace('name="granted"', 'name="${x}"') }),
  ],
  [
    'an expression in a property',
    'expression',
    'make',
    model({ make: work('make', 'generate-document', { document: '#{x}' }) }),
  ],
  [
    'a hyphen in a step id',
    'step-id',
    'my-step',
    model({ 'my-step': work('my-step', 'close-case', { exit: 'left' }) }, [...flows, ['my-step', 'left']]),
  ],
  [
    'an unresolved reference',
    'model',
    '',
    (s) => void (s.model = s.model.replace('attachedToRef="supplement"', 'attachedToRef="nothing"')),
  ],
  [
    'outcomes that are no JSON',
    'step-property',
    'decide',
    model({ decide: user('decide', 'sample.decide', { outcomes: '[' }) }),
  ],
  [
    'a clock use that cannot be read',
    'step-property',
    'decide',
    model({ decide: user('decide', 'sample.decide', { ...outcomes([outcome('grant')]), clock: 'decision=halt' }) }),
  ],
  [
    'a gateway without a default',
    'gateway-default',
    'decided',
    model({ decided: lines.decided!.replace(' default="decided-refused"', '') }),
  ],
  ['a step without candidates', 'candidates', 'decide', model({ decide: lines.decide!.replace('sample.decide', '') })],
  [
    'a role that is not listed',
    'candidates',
    'decide',
    model({ decide: lines.decide!.replace('sample.decide', 'sample.other@city') }),
  ],
  [
    'a step without outcomes',
    'outcome',
    'supplement',
    model({ supplement: user('supplement', 'applicant', { limit: 'P5WD' }) }),
  ],
  ['a countersigning without an outcome for disagreement', 'quorum', 'decide', property('quorum', 'all')],
  [
    'a field that a step sets and that is not there',
    'reference',
    'decide',
    property('sets', 'level=application.level'),
  ],
  [
    'a condition on an outcome that is not there',
    'outcome',
    'decided-make',
    condition(`\${decide_outcome == 'accept'}`),
  ],
  [
    'an outcome that leads into a circle',
    'outcome',
    'decide',
    model({ decided: lines.decided!.replace('refused', 'left'), left: work('left', 'close-case', {}) }, [
      ...without('decided', 'refused'),
      ['decided', 'left', '不予'],
      ['left', 'left'],
    ]),
  ],
  ['a topic that nobody serves', 'topic', 'make', model({ make: work('make', 'make-coffee', {}) })],
  [
    'a message that is not written',
    'topic',
    'make',
    model({ make: work('make', 'notify', { to: 'applicant', message: 'granted' }) }),
  ],
  [
    'a message with a field that is not there',
    'topic',
    'make',
    (s) => {
      const text = { zh: '{application.colour}', en: '{application.colour}' };
      s.messages.granted = { title: text, body: text };
      model({ make: work('make', 'notify', { to: 'applicant', message: 'granted' }) })(s);
    },
  ],
  ['an input that the topic lacks', 'topic', 'make', model({ make: work('make', 'generate-document', {}) })],
  [
    'an input that the topic does not know',
    'topic',
    'make',
    model({ make: work('make', 'generate-document', { document: 'notice', colour: 'red' }) }),
  ],
  [
    'a timer without a limit',
    'timer',
    'late',
    model({
      supplement: user('supplement', 'applicant', {
        ...outcomes([outcome('resubmit')]),
        edits: 'application:pinned',
        clock: 'decision=stop:supplement',
      }),
    }),
  ],
  [
    'a supplement whose clock runs',
    'clock-runs',
    'supplement',
    model({
      supplement: user('supplement', 'applicant', {
        ...outcomes([outcome('resubmit')]),
        edits: 'application:pinned',
        limit: 'P5WD',
      }),
    }),
  ],
  [
    'a timer on a part of the model',
    'timer',
    'tooLong',
    model({
      part: '<bpmn:subProcess id="part" name="part"><bpmn:startEvent id="in" name="in" /><bpmn:endEvent id="out" name="out" /><bpmn:sequenceFlow id="inside" sourceRef="in" targetRef="out" /></bpmn:subProcess>',
      tooLong:
        '<bpmn:boundaryEvent id="tooLong" name="逾期" attachedToRef="part"><bpmn:timerEventDefinition id="longTimer" /></bpmn:boundaryEvent>',
    }),
  ],
  ['a property that no step has', 'property', 'decide', property('not-same', 'supplement')],
  ['an action that does not exist', 'property', 'decide', property('actions', 'return, explode')],
  [
    'an office that no step sets',
    'thread',
    'decide',
    model({ decide: lines.decide!.replace('sample.decide', 'sample.decide@witness') }),
  ],
  [
    'the office of a thread outside of threads',
    'thread',
    'decide',
    model({ decide: lines.decide!.replace('sample.decide', 'sample.decide@thread') }),
  ],
  ['threads over nothing', 'thread', 'part', threaded('')],
  [
    'threads over a list that nobody sets',
    'thread',
    'part',
    threaded('camunda:collection="${list(sites)}" camunda:elementVariable="site"'),
  ],
  ['threads whose element has no name', 'thread', 'part', threaded('camunda:collection="${list(sites)}"')],
  [
    'a repeated task',
    'thread',
    'decide',
    model({
      decide: lines.decide!.replace(
        '</bpmn:userTask>',
        '<bpmn:multiInstanceLoopCharacteristics camunda:collection="${list(people)}" camunda:elementVariable="one" /></bpmn:userTask>',
      ),
    }),
  ],
  [
    'a title of cases with a field that is not there',
    'reference',
    'case/title',
    (s) => void (s.flow.case.title = '{applicant} {colour}'),
  ],
  ['an evaluation by a form that is not there', 'reference', 'evaluation', (s) => void (s.flow.evaluation = 'opinion')],
  ['a contact that is no phone', 'reference', 'contact', (s) => void (s.flow.contact = 'name')],
  ['an exit that begins with an end', 'exit', 'gone', model({ gone: end('gone') })],
  [
    'a part without a way in that is no exit',
    'exit',
    'alone',
    model({ alone: work('alone', 'close-case', {}) }, [...flows, ['alone', 'left']]),
  ],
  ['an exit with a way in', 'exit', 'leave', model({}, [...without('make', 'granted'), ['make', 'leave']])],
  [
    'a return to a step where nobody answers',
    'return',
    'decide',
    model({
      decide: user('decide', 'sample.decide', {
        ...outcomes([outcome('grant'), outcome('more'), outcome('refuse')]),
        actions: 'return',
        returnTo: 'make',
      }),
    }),
  ],
  [
    'a return to a step that does not lie before',
    'return',
    'decide',
    model(
      {
        decide: user('decide', 'sample.decide', {
          ...outcomes([outcome('grant'), outcome('more'), outcome('refuse')]),
          actions: 'return',
          returnTo: 'check',
        }),
        check: user('check', 'sample.decide', outcomes([outcome('checked')])),
      },
      [...without('make', 'granted'), ['make', 'check'], ['check', 'granted']],
    ),
  ],
  [
    'a part on demand that leads into the main flow',
    'on-demand',
    'decide',
    model({ extend: user('extend', 'sample.decide', { 'on-demand': 'extend', ...outcomes([outcome('agree')]) }) }, [
      ...flows,
      ['extend', 'decide'],
    ]),
  ],
  ['a withdrawal to what is no exit', 'exit', 'make', (s) => void (s.flow.withdraw!.exit = 'make')],
  [
    'two titles for one result',
    'result',
    'refused',
    model({ refused: lines.refused!.replace('value="refused"', 'value="granted"') }),
  ],
  ['a check of the start that is not there', 'topic', 'start/check', (s) => void (s.flow.start.check = ['nothing'])],
  ['an end without a result', 'result', 'granted', model({ granted: '<bpmn:endEvent id="granted" name="granted" />' })],
  [
    'a receive task without a message',
    'message',
    'make',
    model({ make: '<bpmn:receiveTask id="make" name="make" />' }),
  ],
  ['a missing template', 'document', 'notice', (s) => void (s.templates = {})],
  ['a missing number rule', 'document', 'notice', (s) => void (s.documents.notice!.numberRule = 'other')],
  ['a template that reads a field that is not there', 'template', 'notice', template('{form.nickname}')],
  ['a template that reads a column that is not there', 'template', 'notice', template('{#tables.sites}{zip}{/}')],
  ['a template that reads a table that is not there', 'template', 'notice', template('{#tables.people}{name}{/}')],
  ['a template that reads a limit that is not there', 'template', 'notice', template('{deadlines.hearing.dueOn}')],
  ['a template that reads what no case has', 'template', 'notice', template('{office.nmae}')],
  ['a template that reads what another form lacks', 'template', 'notice', template('{forms.application.nickname}')],
  ['a template that reads a name of nothing', 'template', 'notice', template('{applicantName}')],
  ['a template with a loop that does not end', 'template', 'notice', template('{#missing}{item}')],
  ['a template with a filter that is not there', 'template', 'notice', template('{form.name | shout}')],
  ['a template with a picture of nothing', 'template', 'notice', template('{%logo}')],
  ['a template with a picture of a text', 'template', 'notice', template('{%form.name}')],
  ['a template with a picture of a column of text', 'template', 'notice', template('{#tables.sites}{%address}{/}')],
  ['a template with a picture of no size', 'template', 'notice', template('{%form.name | box:0}')],
  ['a template with a letter that no font has', 'template', 'notice', template('{form.name}😀')],
  [
    'a place for a signature that is not in the template',
    'template',
    'notice',
    (s) =>
      void Object.assign(s.documents.notice!, {
        signatures: [{ id: 'receiver', title: { zh: '受送达人', en: 'Addressee' }, place: '（签名）' }],
      }),
  ],
  [
    'a template that is no Word file',
    'template',
    'notice',
    (s) => void (s.templates['sample/notice.docx'] = new Uint8Array(9)),
  ],
  [
    'a template without a part that Word files have',
    'template',
    'notice',
    (s) => {
      const zip = new PizZip(docx('{today}'));
      zip.remove('_rels/.rels');
      s.templates['sample/notice.docx'] = zip.generate({ type: 'uint8array' });
    },
  ],
  [
    'a document that is not declared',
    'document',
    'make',
    model({ make: work('make', 'generate-document', { document: 'letter' }) }),
  ],
  [
    'a clock that starts at no step',
    'reference',
    'clocks/decision/from',
    (s) => void (s.flow.clocks[0]!.from = ['entered:nowhere']),
  ],
  [
    'silence that means no outcome',
    'reference',
    'clocks/decision/deemed',
    (s) => void (s.flow.clocks[0]!.deemed = { outcome: 'decide=maybe', at: 'due' }),
  ],
  [
    'an extension of a clock that cannot be extended',
    'extension',
    'longer',
    model(
      {
        longer: user('longer', 'sample.decide', {
          'on-demand': 'extend:decision',
          ...outcomes([{ ...outcome('agree'), extends: true }]),
        }),
        longerEnd: end('longerEnd'),
      },
      [...flows, ['longer', 'longerEnd']],
    ),
  ],
  [
    'an outcome that extends a clock outside its part',
    'extension',
    'decide',
    model({ decide: user('decide', 'sample.decide', outcomes([{ ...outcome('grant'), extends: true }])) }),
  ],
  ['a form that is not there', 'reference', 'form', (s) => void (s.flow.form = 'other')],
  ['another id than the folder', 'reference', 'id', (s) => void (s.flow.id = 'other')],
  [
    'a step that stops no clock of the flow',
    'reference',
    'supplement',
    model({ supplement: lines.supplement!.replace('decision=stop', 'decision=stop:supplement; other=stop') }),
  ],
  [
    'FEEL of a material that cannot be read',
    'form',
    'materials/plan',
    (s) => void (s.flow.materials[0]!.when = 'big = ('),
  ],
  [
    'FEEL of a material over a field that is not there',
    'form',
    'materials/plan',
    (s) => void (s.flow.materials[0]!.when = 'small = 1'),
  ],
  [
    'a form condition that cannot be read',
    'form',
    'name/hide',
    (s) => void Object.assign(s.forms.application!.components[0]!, { conditional: { hide: '=big = ' } }),
  ],
  [
    'a sample of a material that is not there',
    'material',
    'plan',
    (s) => void (s.flow.materials[0]!.sample = 'plan.pdf'),
  ],
  [
    'a sample that is not what its name says [PLT-2.1]',
    'material',
    'plan',
    (s) => {
      s.flow.materials[0]!.blank = 'plan.pdf';
      s.samples['plan.pdf'] = docx('平面图');
    },
  ],
  ['a file of materials that nobody names', 'material', '', (s) => void (s.samples['left.pdf'] = docx('x'))],
  ['a cell that is no FEEL', 'table', 'big-in', dmn('&gt; 10', '&gt; &gt;')],
  ['a cell that reads the clock', 'table', 'big-in', dmn('&gt; 10', '&gt; today()')],
  [
    'a table in another language',
    'table',
    'in-expression',
    dmn('id="in-expression"', 'id="in-expression" expressionLanguage="juel"'),
  ],
  ['a table without an else rule', 'table', 'fee-table', dmn('<text></text>', '<text>&lt; 3</text>')],
  [
    'a call of a block that is not there',
    'block',
    'make',
    model({ make: '<bpmn:callActivity id="make" name="make" calledElement="nothing" />' }),
  ],
  ['an element without a name', 'bpmn', 'granted', model({ granted: lines.granted!.replace(' name="granted"', '') })],
  [
    'an element that is not drawn',
    'bpmn',
    'make',
    (s) => void (s.model = s.model.replace(/<bpmndi:BPMNShape id="make-shape".*?<\/bpmndi:BPMNShape>/, '')),
  ],
];
