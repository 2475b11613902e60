import assert from 'node:assert/strict';
import { z } from 'zod';
import { FormSchema, type Field } from '../../../contracts/forms/index.ts';
import { checkPackage } from './check.ts';
import { compile } from './compile.ts';
import { allElements, createModdle, parametersOf, processOf } from './moddle.ts';
import { pack } from './pack.ts';
import type { InlineError } from './parameters.ts';
import type { BlockSource, PackageSource } from './read.ts';
import { blockOf, docx, end, flows, lines, modelOf, samplePackage, shared, topics, user, work } from './testing.ts';

const answers = { outcomes: JSON.stringify([{ id: 'done', zh: '完成', en: 'Done' }]) };
const notify = { name: 'notify', input: z.object({ to: z.string(), message: z.string() }) };
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
  source.blocks = { repair: blockOf('repair', repair, { forms: { list } }), outer: blockOf('outer', outer) };
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
      [
        'application.form',
        'fee.dmn',
        'first-list.form',
        'sample.bpmn',
        'second-inner-list.form',
        'templates/sample/notice.docx',
      ],
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
    unused.blocks.other = blockOf('other', '');
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
    assert.equal(steps.second__inner__fix!.form, 'second-inner-list');
    assert.deepEqual(steps.second__inner__fix!.edits, { form: 'second-inner-list', open: 'all' });
    assert.deepEqual(steps.second__inner__fix!.timers, [{ boundary: 'second__inner__late', clock: 'step' }]);
    assert.deepEqual(steps.second__inner__check!.notSameAs, ['second__inner__fix']);
    assert.equal(forms['first-list']!.id, 'first-list');
    assert.equal(
      graph.flows.find((flow) => flow.id === 'second__inner__fixed-ended')!.condition,
      `second__inner__fix_outcome == 'done' and second__inner__check_outcome == 'done'`,
    );
    assert.equal(graph.nodes.find((node) => node.id === 'second__inner__fix')!.parent, 'second__inner');
    for (const name of ['first__fix_outcome', 'second__inner__check_outcome', 'decide_outcome'])
      assert.ok(variables.includes(name), name);
  });

  /** A block that tells the applicant something, lets somebody sign it and leaves by an error when they refuse. */
  function withParameters(inner = '', more: Partial<BlockSource> = {}): PackageSource {
    const source = samplePackage();
    const sign = user('sign', '{role}', {
      outcomes: JSON.stringify([
        { id: 'yes', zh: '同意', en: 'Yes' },
        { id: 'no', zh: '不同意', en: 'No' },
      ]),
      limit: '{limit}',
      actions: 'return',
      returnTo: 'check,decide',
      sets: 'experts=plan.experts; level=application.big',
    });
    const model = modelOf(
      'signing',
      {
        start,
        make: work('make', 'generate-document', { document: '{document}' }),
        tell: work('tell', 'notify', { to: '{to}', message: 'made', title: '{applicant}的{title}' }),
        sign: sign.replace('camunda:candidateGroups', 'camunda:formRef="plan" camunda:candidateGroups'),
        check: user('check', '', { ...answers, answerers: 'people:plan.experts' }),
        signed: '<bpmn:exclusiveGateway id="signed" name="{title}" default="signed-refused" />',
        refused:
          '<bpmn:endEvent id="refused" name="不同意"><bpmn:errorEventDefinition id="refusedError" errorRef="refusal" /></bpmn:endEvent>',
        done: end('done'),
      },
      [
        ['start', 'make'],
        ['make', 'tell'],
        ['tell', 'check'],
        ['check', 'sign'],
        ['sign', 'signed'],
        ['signed', 'done', '同意', `\${sign_outcome == 'yes'}`],
        ['signed', 'refused', '不同意'],
      ],
    ).replace('<bpmn:process', '<bpmn:error id="refusal" name="r" errorCode="refused" /><bpmn:process');
    const plan = FormSchema.parse({
      type: 'default',
      id: 'plan',
      components: [
        { type: 'signature', key: 'seal', label: '签章', properties: { document: 'paper' } },
        { type: 'text', key: 'experts', label: '专家' },
      ],
    });
    const block = blockOf('signing', model, {
      forms: { plan },
      documents: {
        paper: { ...source.documents.notice!, template: 'shared/paper.docx' } as BlockSource['documents'][string],
      },
      messages: { made: { title: { zh: '已制作', en: 'Made' }, body: { zh: '请{plan.experts}查收', en: 'See' } } },
      templates: { 'shared/paper.docx': docx('{today}') },
      ...more,
    });
    const text = { zh: '内容', en: 'Text' };
    block.block.parameters = [
      { id: 'role', title: text },
      { id: 'limit', title: text, default: 'P5WD' },
      { id: 'document', title: text, default: 'paper' },
      { id: 'to', title: text, default: 'applicant' },
      { id: 'title', title: text, default: '通知书' },
    ];
    source.blocks = { signing: block };
    const given =
      inner || '<camunda:in source="sample.decide" target="role" /><camunda:in source="甲 &amp; 乙" target="title" />';
    const out = '<camunda:out source="sign_outcome" target="siteSigning_outcome" />';
    source.model = modelOf(
      'sample',
      {
        ...lines,
        siteSigning: call('siteSigning', 'signing', `<bpmn:extensionElements>${given}${out}</bpmn:extensionElements>`),
        noSignature:
          '<bpmn:boundaryEvent id="noSignature" name="不同意" attachedToRef="siteSigning"><bpmn:errorEventDefinition id="noError" errorRef="own" /></bpmn:boundaryEvent>',
        signed: '<bpmn:exclusiveGateway id="signed" name="签了吗" default="signed-refused" />',
      },
      [
        ...flows.filter(([, to]) => to !== 'granted'),
        ['make', 'siteSigning'],
        ['noSignature', 'refused'],
        ['siteSigning', 'signed'],
        ['signed', 'granted', '签了', `\${siteSigning_outcome == 'yes'}`],
        ['signed', 'refused', '没有签'],
      ],
    ).replace('<bpmn:process', '<bpmn:error id="own" name="own" errorCode="refused" /><bpmn:process');
    return source;
  }

  it('puts the parameters of a call into its block, and names what is the block’s own after the call', async () => {
    const source = withParameters();
    assert.deepEqual(await checkPackage(source, { ...shared, blocks: source.blocks }, [...topics, notify]), []);
    const packed = await pack(source);
    const { steps, documents, messages, forms, graph } = await compile(source, packed, {});
    const sign = steps.siteSigning__sign!;
    assert.deepEqual(sign.groups, ['sample.decide']);
    assert.equal(sign.limit, 'P5WD');
    assert.equal(sign.form, 'site-signing-plan');
    assert.match(packed.xml, /name="returnTo" value="siteSigning__check,decide"/);
    assert.match(packed.xml, /name="answerers" value="people:site-signing-plan.experts"/);
    assert.match(packed.xml, /value="experts=site-signing-plan.experts; level=application.big"/);
    assert.equal(steps.siteSigning__make!.input.document, 'site-signing-paper');
    assert.deepEqual(steps.siteSigning__tell!.input, {
      to: 'applicant',
      message: 'site-signing-made',
      title: '{applicant}的甲 & 乙',
    });
    assert.equal(graph.nodes.find((node) => node.id === 'siteSigning__signed')!.name, '甲 & 乙');
    assert.deepEqual(Object.keys(documents).sort(), ['notice', 'site-signing-paper']);
    assert.deepEqual(messages['site-signing-made']!.body.zh, '请{site-signing-plan.experts}查收');
    assert.equal((forms['site-signing-plan']!.components[0] as Field).properties?.document, 'site-signing-paper');
    assert.ok(packed.files.some((file) => file.name === 'templates/shared/paper.docx'));
  });

  it('leads out of a block by the boundary event of its error, and hands out its outcomes', async () => {
    const packed = await pack(withParameters());
    const { rootElement } = await createModdle().fromXML(packed.xml);
    const elements = allElements(processOf(rootElement));
    const errorOf = (id: string) => elements.find((e) => e.id === id)!.eventDefinitions![0]!.errorRef!.id;
    assert.equal(errorOf('siteSigning__refused'), errorOf('noSignature'));
    assert.equal(elements.find((e) => e.id === 'noSignature')!.attachedToRef!.$type, 'bpmn:SubProcess');
    const sub = elements.find((e) => e.id === 'siteSigning')!;
    assert.deepEqual(
      parametersOf(sub).map((p) => [p.$type, p.name, p.value]),
      [['camunda:OutputParameter', 'siteSigning_outcome', '${siteSigning__sign_outcome}']],
    );
  });

  for (const [what, given, says] of [
    ['that the block does not have', '<camunda:in source="x" target="colour" />', /没有参数 colour/],
    ['that breaks the model', `<camunda:in source='a"b' target="role" />`, /不能有英文引号/],
    ['without a text', '<camunda:in sourceExpression="${x}" target="role" />', /source 是内容/],
    ['too few', '<camunda:in source="x" target="title" />', /没有给出参数 role/],
  ] as const)
    it(`refuses a parameter ${what}`, async () => {
      await assert.rejects(
        pack(withParameters(given)),
        (error: InlineError) => error.element === 'siteSigning' && says.test(error.zh),
      );
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

  it('declares in the thread what its steps write and it reads', async () => {
    const source = samplePackage();
    const inner = [
      start.replace('"start"', '"go"'),
      '<bpmn:receiveTask id="answered" name="等待答复" />',
      user('visit', 'sample.decide', { ...answers, sets: 'kind=application.kind; other=application.other' }),
      '<bpmn:exclusiveGateway id="how" name="结果" default="c" />',
      end('visited'),
    ].join('');
    const when = "${answered_code == 'a' and kind == 'b' and decide_outcome == 'grant'}";
    const ways = [
      '<bpmn:sequenceFlow id="a" sourceRef="go" targetRef="answered" /><bpmn:sequenceFlow id="b" sourceRef="answered" targetRef="visit" />',
      '<bpmn:sequenceFlow id="h" sourceRef="visit" targetRef="how" /><bpmn:sequenceFlow id="c" sourceRef="how" targetRef="visited" />',
      `<bpmn:sequenceFlow id="d" sourceRef="how" targetRef="visit"><bpmn:conditionExpression>${when}</bpmn:conditionExpression></bpmn:sequenceFlow>`,
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
      [
        ['visit_outcome', undefined],
        ['answered_code', undefined],
        ['kind', undefined],
      ],
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
