import assert from 'node:assert/strict';
import { openBench, type BenchDatabase, type BenchEngine } from '../launcher/bench-client.ts';

const CAMUNDA = 'http://camunda.org/schema/1.0/bpmn';
const ACTIVITI = 'http://activiti.org/bpmn';

/** A model whose only task is followed by `body`; `task` stands inside of it, `attributes` on it. */
function model({ attributes = '', task = '', body = '', extra = '' }) {
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:camunda="${CAMUNDA}" xmlns:activiti="${ACTIVITI}" id="d" targetNamespace="wall">
  ${extra}
  <bpmn:process id="p" isExecutable="true">
    <bpmn:startEvent id="start" />
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="step" />
    <bpmn:userTask id="step" ${attributes}>${task}</bpmn:userTask>
    ${body}
  </bpmn:process>
</bpmn:definitions>`;
}

const extension = (inner: string) => `<bpmn:extensionElements>${inner}</bpmn:extensionElements>`;
const followedBy = (element: string) => `<bpmn:sequenceFlow id="f2" sourceRef="step" targetRef="next" />${element}`;
const service = (attributes: string) => followedBy(`<bpmn:serviceTask id="next" ${attributes} />`);
const condition = (text: string, attributes = '') =>
  `<bpmn:exclusiveGateway id="gate" default="no" /><bpmn:sequenceFlow id="f2" sourceRef="step" targetRef="gate" />
   <bpmn:sequenceFlow id="yes" sourceRef="gate" targetRef="end"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression" ${attributes}>${text}</bpmn:conditionExpression></bpmn:sequenceFlow>
   <bpmn:sequenceFlow id="no" sourceRef="gate" targetRef="end" /><bpmn:endEvent id="end" />`;
const threads = (collection: string) =>
  followedBy(`<bpmn:subProcess id="next"><bpmn:multiInstanceLoopCharacteristics camunda:collection="${collection}" camunda:elementVariable="one" />
    <bpmn:startEvent id="s2" /><bpmn:sequenceFlow id="f3" sourceRef="s2" targetRef="look" /><bpmn:userTask id="look" /></bpmn:subProcess>`);

const REFUSED: [string, string, string, string][] = [
  [
    'a script task',
    model({
      body: followedBy(
        '<bpmn:scriptTask id="next" scriptFormat="juel"><bpmn:script>${1}</bpmn:script></bpmn:scriptTask>',
      ),
    }),
    'scriptTask',
    'next',
  ],
  [
    'a task listener',
    model({ task: extension('<camunda:taskListener event="create" class="java.lang.String" />') }),
    'taskListener',
    'step',
  ],
  [
    'an execution listener',
    model({ task: extension('<camunda:executionListener event="start" expression="${a}" />') }),
    'executionListener',
    'step',
  ],
  ['a class', model({ body: service('camunda:class="java.lang.String"') }), 'class', 'next'],
  ['a class in the old namespace', model({ body: service('activiti:class="java.lang.String"') }), 'class', 'next'],
  ['an expression', model({ body: service('camunda:expression="${a}"') }), 'expression', 'next'],
  [
    'a delegate expression',
    model({ body: service('camunda:delegateExpression="${a}"') }),
    'delegateExpression',
    'next',
  ],
  ['a shell task', model({ body: service('camunda:type="shell"') }), 'serviceTask that is no external task', 'next'],
  [
    'a connector',
    model({
      body: followedBy(
        `<bpmn:serviceTask id="next" camunda:type="external" camunda:topic="t">${extension('<camunda:connector />')}</bpmn:serviceTask>`,
      ),
    }),
    'connector',
    'next',
  ],
  [
    'a script as input',
    model({
      task: extension(
        '<camunda:inputOutput><camunda:inputParameter name="a"><camunda:script scriptFormat="juel">1</camunda:script></camunda:inputParameter></camunda:inputOutput>',
      ),
    }),
    'script',
    'step',
  ],
  [
    'a class that handles forms',
    model({ attributes: 'camunda:formHandlerClass="java.lang.String"' }),
    'formHandlerClass',
    'step',
  ],
  [
    'a method call',
    model({ attributes: `camunda:candidateGroups="\${''.getClass().forName('java.lang.Runtime')}"` }),
    'call of .getClass()',
    'step',
  ],
  [
    'a method call in a text',
    model({ task: '<bpmn:documentation>${a.b()}</bpmn:documentation>' }),
    'call of a.b()',
    'step',
  ],
  ['a function', model({ body: condition('${list(a)}') }), 'call of list()', 'yes'],
  ['a function inside a collection', model({ body: threads('${list(a.b())}') }), 'call of a.b()', 'next'],
  ['a condition in another language', model({ body: condition('a', 'language="juel"') }), 'language', 'yes'],
  [
    'a business rule task',
    model({ body: followedBy('<bpmn:businessRuleTask id="next" camunda:decisionRef="d" />') }),
    'businessRuleTask',
    'next',
  ],
  [
    'a call activity',
    model({ body: followedBy('<bpmn:callActivity id="next" calledElement="p" />') }),
    'callActivity',
    'next',
  ],
  [
    'an event sub-process',
    model({ body: '<bpmn:subProcess id="next" triggeredByEvent="true"><bpmn:startEvent id="s2" /></bpmn:subProcess>' }),
    'event sub-process',
    'next',
  ],
  [
    'a message start',
    model({
      extra: '<bpmn:message id="m" name="m" />',
      body: '<bpmn:startEvent id="next"><bpmn:messageEventDefinition messageRef="m" /></bpmn:startEvent>',
    }),
    'messageEventDefinition',
    'next',
  ],
  [
    'a timer that starts cases',
    model({
      body: '<bpmn:startEvent id="next"><bpmn:timerEventDefinition><bpmn:timeDate>2026-01-01T00:00:00Z</bpmn:timeDate></bpmn:timerEventDefinition></bpmn:startEvent>',
    }),
    'timerEventDefinition in startEvent',
    'next',
  ],
  [
    'a timer that repeats',
    model({
      body: '<bpmn:boundaryEvent id="next" attachedToRef="step"><bpmn:timerEventDefinition><bpmn:timeCycle>R/PT1S</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:boundaryEvent>',
    }),
    'timeCycle',
    'next',
  ],
];

const ALLOWED: [string, string][] = [
  [
    'an external task with properties',
    model({
      body: followedBy(
        `<bpmn:serviceTask id="next" camunda:type="external" camunda:topic="t">${extension('<camunda:properties><camunda:property name="a" value="b" /></camunda:properties>')}</bpmn:serviceTask>`,
      ),
    }),
  ],
  ['a comparison', model({ body: condition("${(a == 'f(x)' or not (b)) and empty c}") })],
  ['threads over a comma list', model({ body: threads('${list(experts)}') })],
];

describe('the wall', function () {
  this.timeout(60_000);
  let database: BenchDatabase;
  let engine: BenchEngine;
  before(async () => {
    const bench = await openBench();
    database = await bench.createDatabase();
    engine = await bench.openEngine(database);
  });
  after(async () => {
    await engine.close();
    await database.drop();
  });

  async function deploy(name: string, content: string) {
    const body = new FormData();
    body.set('deployment-name', 'wall');
    body.set(name, new Blob([content]), name);
    return send('/deployment/create', { method: 'POST', body });
  }

  async function send(path: string, o: { method: string; body?: FormData | string }) {
    const json: Record<string, string> = typeof o.body === 'string' ? { 'content-type': 'application/json' } : {};
    const answer = await fetch(engine.url + path, { ...o, headers: { 'x-engine-token': engine.token, ...json } });
    return { status: answer.status, body: await answer.json() };
  }

  for (const [what, xml, named, id] of REFUSED) {
    it(`refuses ${what} and names it`, async () => {
      const { status, body } = await deploy('p.bpmn', xml);
      assert.equal(status, 400);
      const problems: { message: string; mainElementId: string; line: number }[] = body.details['p.bpmn'].errors;
      const problem = problems.find(({ message }) => message.startsWith(`WALL: ${named} is not allowed (line `));
      assert.ok(problem, JSON.stringify(problems));
      assert.equal(problem.mainElementId, id);
      assert.ok(problem.line > 1);
    });
  }

  for (const [what, xml] of ALLOWED) {
    it(`lets ${what} through`, async () => {
      const { status, body } = await deploy('p.bpmn', xml);
      assert.equal(status, 200, JSON.stringify(body));
    });
  }

  for (const reached of [
    '${environment.name}',
    '${execution.processEngineServices.name}',
    '${a.class.name}',
    '${dataSource.jdbcUrl}',
  ]) {
    it(`gives an expression nothing at ${reached}`, async () => {
      await deploy('p.bpmn', model({ attributes: `camunda:candidateGroups="${reached}"` }));
      const { status, body } = await send('/process-definition/key/p/start', {
        method: 'POST',
        body: JSON.stringify({ variables: { a: { value: 'x' } } }),
      });
      assert.equal(status, 500);
      assert.match(body.message, /Unknown property|Cannot resolve identifier/);
    });
  }

  const table = (cell: string, attributes = '') => `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="t" name="t" namespace="wall">
  <decision id="t1" name="t1"><decisionTable id="dt"><output id="o" name="o" typeRef="string" />
    <rule id="r"><outputEntry id="cell" ${attributes}><text>${cell}</text></outputEntry></rule></decisionTable></decision>
</definitions>`;

  for (const language of ['juel', 'javascript', 'groovy']) {
    it(`refuses ${language} in a decision table and names the cell`, async () => {
      const { status, body } = await deploy('t.dmn', table('1', `expressionLanguage="${language}"`));
      assert.equal(status, 400);
      const [problem] = body.details['t.dmn'].errors;
      assert.equal(problem.message, `WALL: expression language ${language} is not allowed (line 4)`);
      assert.equal(problem.mainElementId, 'cell');
    });
  }

  it('runs FEEL in a decision table', async () => {
    assert.equal((await deploy('t.dmn', table('"a" + "b"', 'expressionLanguage="feel"'))).status, 200);
    const { body } = await send('/decision-definition/key/t1/evaluate', { method: 'POST', body: '{"variables":{}}' });
    assert.equal(body[0].o.value, 'ab');
  });

  it('lets FEEL call no Java', async () => {
    const external =
      'external { java: { class: "java.lang.System", method signature: "getProperty(java.lang.String)" } }';
    await deploy('t.dmn', table(`{ read: function(name) ${external}, value: read("user.dir") }.value`));
    const { status } = await send('/decision-definition/key/t1/evaluate', { method: 'POST', body: '{"variables":{}}' });
    assert.equal(status, 500);
  });

  it('reads no case models', async () => {
    const { body } = await deploy('c.cmmn', '<definitions xmlns="http://www.omg.org/spec/CMMN/20151109/MODEL" />');
    assert.equal(body.deployedCaseDefinitions ?? null, null);
  });

  it('lets nobody in without the token', async () => {
    for (const path of ['/engine', '/engine/default/deployment', '']) {
      const url = `${new URL(engine.url).origin}/engine-rest${path}`;
      assert.equal((await fetch(url)).status, 401);
      assert.equal((await fetch(url, { headers: { 'x-engine-token': `${engine.token}x` } })).status, 401);
    }
  });
});
