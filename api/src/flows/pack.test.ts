import assert from 'node:assert/strict';
import { FormSchema } from '../../../contracts/forms/index.ts';
import { compile } from './compile.ts';
import { allElements, createModdle, parametersOf, processOf } from './moddle.ts';
import { InlineError } from './inline.ts';
import { pack } from './pack.ts';
import type { PackageSource } from './read.ts';
import { end, flows, lines, modelOf, samplePackage, user, work } from './testing.ts';

const answers = { outcomes: JSON.stringify([{ id: 'done', zh: '完成', en: 'Done' }]) };
const call = (id: string, block: string, inner = '') =>
  `<bpmn:callActivity id="${id}" name="${id}" calledElement="${block}">${inner}</bpmn:callActivity>`;
const start = '<bpmn:startEvent id="start" name="开始" />';

/** A block with a task, a gateway on its outcome, an error end and a timer, and one that calls it. */
function withBlocks(): PackageSource {
  const source = samplePackage();
  const repair = modelOf(
    'repair',
    {
      start,
      fix: user('fix', 'applicant', { ...answers, edits: 'list', limit: 'P5WD' }).replace(
        'camunda:candidateGroups',
        'camunda:formRef="list" camunda:formRefBinding="deployment" camunda:candidateGroups',
      ),
      late: '<bpmn:boundaryEvent id="late" name="逾期" attachedToRef="fix"><bpmn:timerEventDefinition id="lateTimer" /></bpmn:boundaryEvent>',
      check: user('check', 'sample.decide', { ...answers, 'not-same-as': 'fix' }),
      fixed: '<bpmn:exclusiveGateway id="fixed" name="结果" default="fixed-gone" />',
      gone: end('gone'),
      ended: end('ended'),
    },
    [
      ['start', 'fix'],
      ['fix', 'check'],
      ['check', 'fixed'],
      ['fixed', 'ended', '完成', `\${fix_outcome == 'done' and check_outcome == 'done'}`],
      ['fixed', 'gone', '没有'],
      ['late', 'gone'],
    ],
  );
  const outer = modelOf('outer', { start, inner: call('inner', 'repair'), ended: end('ended') }, [
    ['start', 'inner'],
    ['inner', 'ended'],
  ]);
  const list = FormSchema.parse({ type: 'default', id: 'list', components: [] });
  source.blocks = { repair: { model: repair, forms: { list } }, outer: { model: outer, forms: {} } };
  source.model = modelOf('sample', { ...lines, first: call('first', 'repair'), second: call('second', 'outer') }, [
    ...flows.filter(([, to]) => to !== 'granted'),
    ['make', 'first'],
    ['first', 'second'],
    ['second', 'granted'],
  ]);
  return source;
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('packing', () => {
  it('gives the same bytes each time', async () => {
    const [one, two] = [await pack(withBlocks()), await pack(withBlocks())];
    assert.deepEqual(
      one.files.map((f) => [f.name, Buffer.from(f.bytes).toString('base64')]),
      two.files.map((f) => [f.name, Buffer.from(f.bytes).toString('base64')]),
    );
    assert.equal(one.hash, two.hash);
  });

  it('names everything that is deployed in the order of its name', async () => {
    const { files } = await pack(withBlocks());
    assert.deepEqual(
      files.map((f) => f.name),
      ['application.form', 'fee.dmn', 'repair-list.form', 'sample.bpmn', 'templates/sample/notice.docx'],
    );
  });

  it('has another hash when one letter of any part differs', async () => {
    const { hash } = await pack(withBlocks());
    const changes: ((source: PackageSource) => void)[] = [
      (s) => void (s.flow.title.en = 'Other'),
      (s) => void (s.documents.notice!.title.en = 'Other'),
      (s) => void (s.templates['sample/notice.docx'] = new Uint8Array([1])),
      (s) => void (s.blocks.repair!.forms.list!.title = 'Other'),
      (s) => void (s.tables.fee = s.tables.fee!.replace('low', 'less')),
    ];
    for (const change of changes) {
      const source = withBlocks();
      change(source);
      assert.notEqual((await pack(source)).hash, hash, String(change));
    }
    const unused = withBlocks();
    unused.blocks.other = { model: '', forms: {} };
    assert.equal((await pack(unused)).hash, hash, 'a block that nobody calls');
  });

  it('writes what the engine needs from flow.json', async () => {
    const { xml, hash, files } = await pack(samplePackage());
    for (const written of [
      'id="sample" name="示例" isExecutable="true"',
      'camunda:candidateStarterGroups="applicant"',
      'camunda:historyTimeToLive="P365D"',
      `camunda:versionTag="${hash.slice(0, 12)}"`,
      '9999-01-01T00:00:00Z</bpmn:timeDate>',
    ])
      assert.ok(xml.includes(written), written);
    assert.match(
      text(files.find((f) => f.name === 'fee.dmn')!.bytes),
      /<decision [^>]*camunda:historyTimeToLive="P365D"/,
    );
  });

  it('inlines blocks, also in one another, and renames what belongs to them', async () => {
    const source = withBlocks();
    const packed = await pack(source);
    const { steps, graph, forms, variables } = await compile(source, packed, {});
    assert.ok(!packed.xml.includes('callActivity'));
    assert.deepEqual(
      Object.keys(steps).filter((id) => id.includes('__')),
      ['first__fix', 'first__check', 'second__inner__fix', 'second__inner__check'],
    );
    assert.equal(steps.second__inner__fix!.form, 'repair-list');
    assert.deepEqual(steps.second__inner__fix!.edits, { form: 'repair-list', open: 'all' });
    assert.deepEqual(steps.second__inner__fix!.timers, [{ boundary: 'second__inner__late', clock: 'step' }]);
    assert.deepEqual(steps.second__inner__check!.notSameAs, ['second__inner__fix']);
    assert.equal(forms['repair-list']!.id, 'repair-list');
    assert.equal(
      graph.flows.find((flow) => flow.id === 'second__inner__fixed-ended')!.condition,
      `second__inner__fix_outcome == 'done' and second__inner__check_outcome == 'done'`,
    );
    assert.equal(graph.nodes.find((node) => node.id === 'second__inner__fix')!.parent, 'second__inner');
    for (const name of ['first__fix_outcome', 'second__inner__check_outcome', 'decide_outcome'])
      assert.ok(variables.includes(name), name);
  });

  it('gives each inlined block a diagram that opens at it', async () => {
    const { xml } = await pack(withBlocks());
    const { rootElement, warnings } = await createModdle().fromXML(xml);
    assert.deepEqual(warnings, []);
    assert.deepEqual(rootElement.diagrams!.map((d) => d.plane!.bpmnElement!.id).sort(), [
      'first',
      'sample',
      'second',
      'second__inner',
    ]);
    const shape = rootElement.diagrams![0]!.plane!.planeElement!.find((s) => s.bpmnElement?.id === 'first')!;
    assert.equal(shape.isExpanded, false);
  });

  it('refuses a block that reaches itself', async () => {
    const source = withBlocks();
    source.blocks.repair!.model = source.blocks.outer!.model.replace('calledElement="repair"', 'calledElement="outer"');
    await assert.rejects(
      pack(source),
      (error: InlineError) => error.element === 'inner' && /repair > outer/.test(error.message),
    );
  });

  it('declares outcomes of threads in the thread', async () => {
    const source = samplePackage();
    const inner = [start.replace('"start"', '"go"'), user('visit', 'sample.decide', answers), end('visited')].join('');
    const ways = [
      '<bpmn:sequenceFlow id="a" sourceRef="go" targetRef="visit" /><bpmn:sequenceFlow id="b" sourceRef="visit" targetRef="visited" />',
    ];
    const loop =
      '<bpmn:multiInstanceLoopCharacteristics camunda:collection="${list(sites)}" camunda:elementVariable="site" />';
    const threads = `<bpmn:subProcess id="threads" name="各场所">${loop}${inner}${ways.join('')}</bpmn:subProcess>`;
    source.model = modelOf('sample', { ...lines, threads }, [
      ...flows.filter(([, to]) => to !== 'granted'),
      ['make', 'threads'],
      ['threads', 'granted'],
    ]);
    const packed = await pack(source);
    const { rootElement } = await createModdle().fromXML(packed.xml);
    const sub = allElements(processOf(rootElement)).find((e) => e.id === 'threads')!;
    assert.deepEqual(
      parametersOf(sub).map((p) => [p.name, p.value]),
      [['visit_outcome', undefined]],
    );
    const { variables } = await compile(source, packed, {});
    assert.ok(variables.includes('sites'), 'the list is null at the start');
  });
});

describe('compiling', () => {
  it('reads steps, graph, results and the variables that are null at the start', async () => {
    const source = samplePackage();
    const compiled = await compile(source, await pack(source), { 'sample/notice.docx': 'abc' });
    assert.deepEqual(compiled.variables, ['decide_outcome', 'supplement_outcome']);
    assert.deepEqual(compiled.tables, { fee: 'fee' });
    assert.deepEqual(compiled.templates, { 'sample/notice.docx': 'abc' });
    assert.deepEqual(compiled.results.lapsed, { result: 'lapsed', zh: 'lapsed' });
    assert.deepEqual(JSON.parse(JSON.stringify(compiled.steps.make)), {
      id: 'make',
      name: { zh: 'make' },
      type: 'work',
      topic: 'generate-document',
      groups: [],
      outcomes: [],
      actions: [],
      clock: [],
      notSameAs: [],
      timers: [],
      input: { document: 'notice' },
    });
    assert.deepEqual(compiled.steps.supplement!.clock, [{ clock: 'decision', op: 'stop', reason: 'supplement' }]);
    assert.deepEqual(compiled.steps.supplement!.edits, { form: 'application', open: 'pinned' });
    assert.deepEqual(
      compiled.graph.nodes.find((n) => n.id === 'late'),
      {
        id: 'late',
        type: 'boundaryEvent',
        name: '逾期',
        parent: 'sample',
        attachedTo: 'supplement',
      },
    );
    assert.deepEqual(
      compiled.graph.flows
        .filter((flow) => flow.from === 'decided')
        .map(({ to, condition, default: d }) => [to, condition, d]),
      [
        ['make', `decide_outcome == 'grant'`, undefined],
        ['supplement', `decide_outcome == 'more'`, undefined],
        ['refused', undefined, true],
      ],
    );
  });

  it('keeps inputs of work that are no step properties', async () => {
    const source = samplePackage();
    source.model = modelOf('sample', { ...lines, leave: work('leave', 'close-case', { exit: 'left', reason: 'x' }) });
    const { steps } = await compile(source, await pack(source), {});
    assert.deepEqual([steps.leave!.exit, steps.leave!.input], ['left', { reason: 'x' }]);
  });
});
