import assert from 'node:assert/strict';
import {
  checkFields,
  checkRow,
  compileForm,
  computeFields,
  formProblems,
  parseForm,
  type FormSchema,
} from './index.ts';
import { compileCondition } from './conditions.ts';

const today = { today: '2026-11-21' };
const group = (...components: unknown[]) => ({
  type: 'default',
  id: 'application',
  components: [{ type: 'group', id: 'profile', label: '机构概况', labelEn: 'Profile', components }],
});
function form(json: unknown): FormSchema {
  const parsed = parseForm(json);
  assert.ok('form' in parsed, JSON.stringify(parsed));
  return parsed.form;
}
const yesNo = [
  { value: 'yes', label: '是' },
  { value: 'no', label: '否' },
];
const application = {
  ...group(
    { type: 'uscc', key: 'uscc', label: '统一社会信用代码', labelEn: 'USCC', validate: { required: true } },
    { type: 'choice', key: 'independent', label: '是否独立法人', values: yesNo, validate: { required: true } },
    {
      type: 'text',
      key: 'parentName',
      label: '所属法人单位',
      requiredIf: '=independent = "no"',
      conditional: { hide: '=independent = "yes"' },
    },
    { type: 'number', key: 'staffTotal', label: '总人数' },
    { type: 'number', key: 'staffSenior', label: '高级职称' },
    { type: 'number', key: 'staffOther', label: '初级及其他' },
    { type: 'number', key: 'own', label: '自有', decimalDigits: 2 },
    { type: 'number', key: 'rent', label: '租用', decimalDigits: 2 },
    { type: 'computed', key: 'share', label: '自有加租用', value: '=sum([own, rent])' },
    {
      type: 'table',
      key: 'sites',
      label: '场所',
      labelEn: 'Sites',
      columns: [
        { type: 'text', key: 'code', label: '编号', validate: { required: true } },
        {
          type: 'choice',
          key: 'ownership',
          label: '产权',
          values: [
            { value: 'rented', label: '租用' },
            { value: 'own', label: '自有' },
          ],
        },
        { type: 'date', key: 'leaseUntil', label: '租期至', requiredIf: '=ownership = "rented"' },
        { type: 'standard-no', key: 'standardNo', label: '标准编号' },
      ],
      rules: [
        {
          id: 'lease',
          when: '=date(leaseUntil) < today()',
          path: 'leaseUntil',
          zh: '已到期。填续租后的日期',
          en: 'is over',
        },
      ],
    },
  ),
  rules: [
    {
      id: 'staff',
      when: '=staffSenior + staffOther != staffTotal',
      path: 'staffTotal',
      zh: '与各级职称人数之和不符。核对后改正',
      en: 'does not add up',
      basis: '申请书 4.1',
    },
    { id: 'multi', when: '=count(sites) < 2', path: 'sites', zh: '少于 2 处', en: 'fewer than two' },
  ],
};
const find = (data: Record<string, unknown>, more = {}) =>
  checkFields(compileForm(form(application)), data, { ...today, ...more }).map((f) => `${f.path}:${f.code}`);

describe('forms', () => {
  it('check kinds, required fields, conditions and rules, and say where [PLT-4.3] [CMA-3.11]', () => {
    assert.deepEqual(find({}), ['uscc:missing', 'independent:missing']);
    assert.deepEqual(find({ uscc: '91520000MA00000151', independent: 'yes' }), []);
    assert.deepEqual(find({ uscc: '91520000MA00000151', independent: 'no' }), ['parentName:missing']);
    const [finding] = checkFields(compileForm(form(application)), { uscc: 'x', independent: 'yes' }, today);
    assert.equal(finding.zh, '统一社会信用代码：「x」有 1 位，应为 18 位。照营业执照或登记证书抄写');
    assert.deepEqual(finding.where, { zh: '机构概况', en: 'Profile', group: 'profile', row: null });
  });

  it('lets a warned value pass once a reason is given [PLT-4.5]', () => {
    const data = { uscc: '914403001922038217', independent: 'yes' };
    assert.deepEqual(find(data), ['uscc:reason-needed']);
    const findings = checkFields(
      compileForm(form(application)),
      { ...data, 'uscc.reason': '2015 年赋码，证书如此' },
      today,
    );
    assert.deepEqual(
      findings.map((f) => f.severity),
      ['warning'],
    );
    assert.match(findings[0].zh, /理由：2015 年赋码，证书如此/);
  });

  it('keeps rules silent while a field they read is empty, and table rules without rows', () => {
    const good = { uscc: '91520000MA00000151', independent: 'yes' };
    assert.deepEqual(find({ ...good, staffSenior: 5, staffTotal: 34 }), []);
    assert.deepEqual(find({ ...good, staffSenior: 5, staffOther: 28, staffTotal: 34 }), ['staffTotal:staff']);
    assert.deepEqual(find({ ...good, staffSenior: 5, staffOther: 29, staffTotal: 34 }), []);
    assert.deepEqual(find(good, { tables: { sites: [{}] } }), ['sites:multi']);
    assert.deepEqual(find(good, { tables: { sites: [{}, {}] } }), []);
    assert.deepEqual(find(good, { tables: { sites: [] } }), ['sites:multi']);
  });

  it('checks a row and names its number [CMA-2.18]', () => {
    const table = compileForm(form(application)).tables.get('sites')!;
    const row = (data: Record<string, unknown>) =>
      checkRow(table, { id: 'r1', number: 17, data }, today).map((f) => [f.path, f.code, f.where.zh]);
    assert.deepEqual(row({ code: 'A', ownership: 'own' }), []);
    assert.deepEqual(row({ ownership: 'rented' }), [
      ['sites/r1/code', 'missing', '场所　第 17 行'],
      ['sites/r1/leaseUntil', 'missing', '场所　第 17 行'],
    ]);
    assert.deepEqual(
      row({ code: 'A', leaseUntil: '2026-11-20' }).map((r) => r[1]),
      ['lease'],
    );
    const [finding] = checkRow(
      table,
      { id: 'r1', number: 1, data: { code: 'A', standardNo: 'gb5009.12-2023' } },
      today,
    );
    assert.deepEqual(finding.repair?.set, { standardNo: 'GB 5009.12-2023' });
  });

  it('adds decimals exactly', () => {
    assert.deepEqual(computeFields(compileForm(form(application)), { own: 0.1, rent: 0.2 }, today), { share: 0.3 });
    assert.deepEqual(computeFields(compileForm(form(application)), { own: 0.1 }, today), { share: null });
  });

  it('asks for every row of a ruling and for what its outcome needs [CMA-4.1]', () => {
    const ruling = compileForm(
      form(
        group({
          type: 'row-decisions',
          key: 'rulings',
          label: '能力评审结论',
          of: 'application.capabilities',
          show: ['parameter'],
          outcomes: [
            { id: 'approved', zh: '符合' },
            { id: 'notApproved', zh: '不符合', needs: ['reason'] },
          ],
          columns: [{ type: 'text', key: 'reason', label: '理由' }],
        }),
      ),
    ).tables.get('rulings')!;
    const codes = (data: Record<string, unknown>) =>
      checkRow(ruling, { id: 'r', number: 1, data }, today).map((f) => f.path);
    assert.deepEqual(codes({}), ['rulings/r/outcome']);
    assert.deepEqual(codes({ outcome: 'approved' }), []);
    assert.deepEqual(codes({ outcome: 'notApproved' }), ['rulings/r/reason']);
    assert.deepEqual(codes({ outcome: 'maybe' }), ['rulings/r/outcome']);
  });

  it('reads what Camunda Modeler writes [PLT-4.1]', () => {
    const parsed = form(
      group(
        { type: 'text', text: '# 说明', id: 'Text_1', layout: { row: 'r', columns: null } },
        { type: 'textfield', key: 'name', label: '名称', id: 'F1', layout: { row: 'r', columns: 8 } },
        { type: 'datetime', subtype: 'date', key: 'day', label: '日期', dateLabel: '日期' },
        { type: 'radio', key: 'kind', label: '类别', values: yesNo },
        { type: 'separator' },
        { type: 'dynamiclist', path: 'rows', label: '清单', components: [{ type: 'textfield', key: 'a', label: 'A' }] },
      ),
    );
    const types = parsed.components.flatMap((c) => (c.type === 'group' ? c.components.map((x) => x.type) : []));
    assert.deepEqual(types, ['note', 'text', 'date', 'choice', 'table']);
    assert.deepEqual(
      formProblems(group({ type: 'hologram', key: 'f', label: 'F' })).map((p) => p.path),
      ['components/0/components/0/type'],
    );
  });

  it('names what is wrong with a form before its release [PLT-4.3]', () => {
    assert.deepEqual(formProblems(application), []);
    const paths = (...fields: unknown[]) => formProblems(group(...fields)).map((p) => p.path);
    const text = (key: string, more = {}) => ({ type: 'text', key, label: key, ...more });
    assert.deepEqual(paths(text('a'), text('a')), ['a']);
    assert.deepEqual(paths(text('constructor')), ['constructor']);
    assert.deepEqual(paths(text('a', { requiredIf: '=b = 1' })), ['a/requiredIf']);
    assert.deepEqual(paths(text('a', { requiredIf: '=a = ' })), ['a/requiredIf']);
    assert.deepEqual(paths(text('a', { requiredIf: '=nonsense(a)' })), ['a/requiredIf']);
    assert.deepEqual(paths({ type: 'choice', key: 'a', label: 'a' }), ['a']);
    assert.deepEqual(paths(text('a', { refers: 'sites.code' })), ['a/refers']);
    const decimal = { type: 'number', key: 'd', label: 'd', decimalDigits: 2 };
    assert.deepEqual(paths(decimal, text('a', { requiredIf: '=d + 0.1 = 0.3' })), ['a/requiredIf']);
    assert.deepEqual(formProblems('nonsense').length > 0, true);
  });

  it('never throws on an expression', () => {
    for (const text of ['=', '=1 +', '=foo(1)', '=a.b.c', '=date(a) < 3', '=not(a)', '=a[1].b', '=/']) {
      const condition = compileCondition(text);
      assert.doesNotThrow(() => condition.evaluate({ a: 'x' }, today));
      assert.notEqual(condition.evaluate({ a: 'x' }, today), true, text);
    }
  });
});
