import assert from 'node:assert/strict';
import { compileForm, formProblems, includeParts, parseForm, type Component, type FormSchema } from './index.ts';

const parsed = (json: unknown): FormSchema => {
  const result = parseForm(json);
  assert.ok('form' in result, JSON.stringify(result));
  return result.form;
};
const inner = (form: FormSchema): Component[] =>
  form.components.flatMap((one) => (one.type === 'group' ? one.components : [one]));

/** As Camunda Modeler saves it: its own ids, layout in sixteen columns, all of its field types. */
const fromModeler = {
  components: [
    { text: '# 设备报修', label: 'Text view', type: 'text', layout: { row: 'Row_1', columns: null }, id: 'Field_01' },
    {
      label: '基本情况',
      components: [
        {
          label: '设备名称',
          type: 'textfield',
          layout: { row: 'Row_2', columns: 8 },
          id: 'Field_02',
          key: 'device_name',
          description: '按铭牌填写',
          validate: { required: true, minLength: 2, maxLength: 40 },
        },
        {
          label: '邮箱',
          type: 'textfield',
          id: 'Field_03',
          key: 'mail',
          validate: { validationType: 'email' },
        },
        { label: '手机', type: 'textfield', id: 'Field_04', key: 'mobile', validate: { validationType: 'phone' } },
        { label: '编号', type: 'textfield', id: 'Field_05', key: 'no', validate: { pattern: '^C-[0-9]+$' } },
        {
          label: '里层',
          type: 'group',
          id: 'Field_06',
          showOutline: true,
          conditional: { hide: '=device_name = null' },
          components: [{ label: '备注', type: 'textarea', id: 'Field_07', key: 'remark' }],
        },
      ],
      showOutline: true,
      type: 'group',
      id: 'Field_08',
    },
    {
      label: '金额',
      type: 'number',
      id: 'Field_09',
      key: 'amount',
      appearance: { suffixAdorner: '元' },
      validate: { min: 0, max: 1000 },
    },
    {
      subtype: 'date',
      dateLabel: '报修日期',
      type: 'datetime',
      id: 'Field_10',
      key: 'reported',
      disallowPassedDates: true,
    },
    {
      subtype: 'datetime',
      dateLabel: '上门日期',
      timeLabel: '上门时间',
      type: 'datetime',
      id: 'Field_11',
      key: 'visit',
    },
    { subtype: 'time', timeLabel: '时间', timeInterval: 15, type: 'datetime', id: 'Field_12', key: 'hour' },
    { label: '加急', type: 'checkbox', id: 'Field_13', key: 'urgent', defaultValue: false },
    { label: '部位', values: [{ label: '电机', value: 'motor' }], type: 'checklist', id: 'Field_14', key: 'parts' },
    { label: '等级', values: [{ label: '一', value: '1' }], type: 'radio', id: 'Field_15', key: 'grade' },
    { label: '科室', values: [{ label: '理化', value: 'lab' }], type: 'select', id: 'Field_16', key: 'room' },
    { label: '标签', values: [{ label: '旧', value: 'old' }], type: 'taglist', id: 'Field_17', key: 'tags' },
    { label: '', type: 'expression', id: 'Field_18', key: 'twice', expression: '=amount * 2', computeOn: 'change' },
    { label: '图片', type: 'filepicker', id: 'Field_19', key: 'pictures', accept: '.jpg,.png', multiple: true },
    {
      label: '配件',
      components: [
        { label: '名称', type: 'textfield', id: 'Field_20', key: 'part' },
        { label: '件数', type: 'number', id: 'Field_21', key: 'count', decimalDigits: 0 },
      ],
      showOutline: true,
      isRepeating: true,
      allowAddRemove: true,
      defaultRepetitions: 1,
      type: 'dynamiclist',
      id: 'Field_22',
      path: 'spares',
    },
    {
      label: '往次维修',
      type: 'table',
      id: 'Field_23',
      rowCount: 10,
      dataSource: '=history',
      columns: [
        { label: '日期', key: 'day' },
        { label: '内容', key: 'what' },
      ],
    },
    { label: '处理意见', type: 'textarea', id: 'Field_24', key: 'opinion', disabled: true },
    { label: '复核', type: 'textfield', id: 'Field_25', key: 'again', readonly: '=step = null' },
    { type: 'separator', id: 'Field_26' },
    { type: 'spacer', height: 20, id: 'Field_27' },
    { content: '<b>x</b>', type: 'html', id: 'Field_28' },
    { source: 'x.png', type: 'image', id: 'Field_29' },
    { action: 'submit', label: '提交', type: 'button', id: 'Field_30', key: 'send' },
  ],
  type: 'default',
  id: 'Form_0device',
  executionPlatform: 'Camunda Platform',
  executionPlatformVersion: '7.24.0',
  exporter: { name: 'Camunda Modeler', version: '5.31.0' },
  schemaVersion: 18,
};

describe('forms of form-js', () => {
  const form = parsed(fromModeler);
  const fields = new Map(inner(form).flatMap((one) => ('key' in one ? [[one.key, one]] : [])));

  it('become kinds, each with what it says of itself [PLT-4.1]', () => {
    assert.deepEqual(
      [...fields].map(([key, { type }]) => `${key} ${type}`),
      [
        'device_name text',
        'mail email',
        'mobile phone',
        'no text',
        'remark textarea',
        'amount number',
        'reported date',
        'visit datetime',
        'hour datetime',
        'urgent boolean',
        'parts check-list',
        'grade choice',
        'room choice',
        'tags check-list',
        'twice computed',
        'pictures files',
        'spares table',
        'history table',
        'opinion textarea',
        'again text',
      ],
    );
    assert.deepEqual(formProblems(fromModeler), []);
    const of = (key: string) => fields.get(key) as never as Record<string, unknown>;
    assert.deepEqual(of('device_name').layout, { columns: 2 });
    assert.equal(of('amount').decimalDigits, 6, 'the Modeler lets numbers have decimals');
    assert.deepEqual([of('reported').label, of('reported').validate], ['报修日期', { min: 'today' }]);
    assert.equal(of('hour').subtype, 'time');
    assert.deepEqual(of('pictures').accept, ['jpg', 'png']);
    assert.equal(of('opinion').readonly, true);
    assert.equal(of('history').readonly, true);
    assert.equal(of('twice').label, 'twice');
  });

  it('show a group within a group as a line and its fields, hidden together', () => {
    const note = inner(form).find((one) => one.type === 'note' && one.text === '里层');
    assert.ok(note);
    const { hides } = compileForm(form).fields.get('remark')!;
    assert.deepEqual(
      hides.map((hide) => hide.evaluate({}, { today: '2026-11-21' })),
      [true],
    );
    assert.equal(hides[0].evaluate({ device_name: '离心机' }, { today: '2026-11-21' }), false);
  });
});

describe('shared form parts', () => {
  const part = {
    type: 'default',
    id: 'institution-part',
    components: [{ type: 'text', key: 'name', label: '名称' }],
    rules: [{ id: 'named', when: '=name = "无"', path: 'name', zh: '写明名称', en: 'Name it' }],
  };
  const include = (name: string) => ({ type: 'include', form: name });
  const around = {
    type: 'default',
    id: 'application',
    components: [{ type: 'group', id: 'g', label: 'G', components: [] }],
  };

  it('stand where they are included, with their rules, also within one another [PLT-4.1]', () => {
    const outer = { type: 'default', id: 'outer', components: [include('institution-part')] };
    const json = { ...around, components: [{ ...around.components[0], components: [include('outer')] }] };
    const { json: whole, unknown } = includeParts(json, { outer, 'institution-part': part });
    assert.deepEqual(unknown, []);
    const form = parsed(whole);
    assert.deepEqual(
      inner(form).map((one) => 'key' in one && one.key),
      ['name'],
    );
    assert.deepEqual(
      form.rules?.map((rule) => rule.id),
      ['named'],
    );
  });

  it('are named when they are not there or include themselves', () => {
    const loop = { type: 'default', id: 'loop', components: [include('loop')] };
    const json = { ...around, components: [include('nowhere'), include('loop')] };
    assert.deepEqual(includeParts(json, { loop }).unknown, ['nowhere', 'loop']);
  });
});
