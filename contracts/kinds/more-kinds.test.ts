import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { formProblems, parseForm, scalarFields, scalarKinds, columnsOf, rowFields } from '../forms/index.ts';
import type { Field, ScalarKind } from '../forms/index.ts';
import { distance, kinds, namesIn, plainText, sanitised } from './index.ts';

const field = (type: ScalarKind, more: Partial<Field> = {}): Field => ({ type, key: 'x', label: 'X', ...more });
const codes = (type: ScalarKind, value: unknown, more: Partial<Field> = {}, data = {}) =>
  kinds[type].check(value, field(type, more), { data, today: '2026-11-21' }).map((f) => `${f.severity}:${f.code}`);
const parse = (type: ScalarKind, text: string, more: Partial<Field> = {}) => {
  const parsed = kinds[type].parse(text, field(type, more));
  return 'value' in parsed ? parsed.value : parsed.zh;
};
const format = (type: ScalarKind, value: unknown, more: Partial<Field> = {}) =>
  kinds[type].format(value, field(type, more), 'zh');
const mask = (type: ScalarKind, value: unknown) => kinds[type].mask(value, field(type), 'zh');

describe('kinds of days, places, people and pictures', () => {
  it('stand all in one form that may be released [PLT-4.2]', () => {
    const json = JSON.parse(readFileSync(new URL('../forms/examples/every-kind.form.json', import.meta.url), 'utf8'));
    assert.deepEqual(formProblems(json), []);
    const result = parseForm(json);
    assert.ok('form' in result);
    const used = new Set(
      [...scalarFields(result.form), ...rowFields(result.form).flatMap(columnsOf)].map((f) => f.type),
    );
    assert.deepEqual([...used].sort(), [...scalarKinds].sort());
  });

  it('read moments, times and ranges as people write them', () => {
    for (const text of ['2026-11-21 9:30', '2026/11/21 09:30:00', '2026年11月21日 9时30分', '2026-11-21T09:30'])
      assert.equal(parse('datetime', text), '2026-11-21T09:30', text);
    assert.equal(parse('datetime', '9：05', { subtype: 'time' }), '09:05');
    assert.match(String(parse('datetime', '2026-11-21 25:00')), /不是日期时间/);
    assert.deepEqual(codes('datetime', '2026-11-21T23:59', { validate: { max: 'today' } }), []);
    assert.deepEqual(codes('datetime', '2026-11-22T00:00', { validate: { max: 'today' } }), ['error:too-late']);
    const range = { from: '2026-01-01', to: '2026-12-31' };
    for (const text of ['2026-01-01 至 2026-12-31', '2026年1月1日—2026年12月31日', '20260101~20261231'])
      assert.deepEqual(parse('date-range', text), range, text);
    assert.equal(format('date-range', range), '2026-01-01 至 2026-12-31');
    assert.deepEqual(codes('date-range', range), []);
    assert.deepEqual(codes('date-range', { from: '2026-12-31', to: '2026-01-01' }), ['error:backwards']);
    assert.deepEqual(codes('date-range', { from: '2026-12-31', to: null }), ['error:no-end']);
    assert.deepEqual(codes('date-range', { from: '2026-02-30', to: '2026-03-01' }), ['error:date']);
  });

  it('choose in a tree down to its last level, by name or by the whole line', () => {
    const tree = [
      { value: '1', label: '粮食', children: [{ value: '11', label: '其他' }] },
      { value: '2', label: '食用油', children: [{ value: '21', label: '其他' }] },
    ];
    assert.equal(parse('tree-choice', '食用油／其他', { tree }), '21');
    assert.match(String(parse('tree-choice', '其他', { tree })), /有 2 个，逐级写明，如 粮食 \/ 其他/);
    assert.match(String(parse('tree-choice', '药品', { tree })), /不在可选项里/);
    assert.equal(format('tree-choice', '21', { tree }), '食用油 / 其他');
    assert.deepEqual(codes('tree-choice', '2', { tree }), ['error:level']);
    assert.deepEqual(codes('tree-choice', '2', { tree, anyLevel: true }), []);
    assert.deepEqual(codes('tree-choice', '3', { tree }), ['error:choice']);
  });

  it('name people, offices and entries; names that were not found are no answer', () => {
    assert.deepEqual(parse('person', '宋知微、田沐辰', { many: true }), [
      { id: '', label: '宋知微' },
      { id: '', label: '田沐辰' },
    ]);
    assert.deepEqual(codes('person', { id: '', label: '宋知微' }), ['error:not-found']);
    assert.deepEqual(codes('organisation', { id: '520102', label: '南明区市场监督管理局' }), []);
    assert.equal(mask('person', { id: 'p', label: '宋知微' }), '宋**');
    assert.equal(mask('email', 'zhiwei@example.cn'), 'z***@example.cn');
    assert.deepEqual(namesIn([{ id: 'a', label: 'A' }, 'b', null]), ['a', 'b']);
  });

  it('read places in either order and measure from them', () => {
    const here = { lat: 26.578312, lon: 106.713478 };
    for (const text of ['106.713478, 26.578312', '26.578312 106.713478', '北纬26.578312°，东经106.713478°'])
      assert.deepEqual(parse('map-point', text), here, text);
    assert.deepEqual(parse('map-point', `26°34'42"N 106°42'48"E`), { lat: 26.578333, lon: 106.713333 });
    assert.match(String(parse('map-point', '贵阳市')), /不是坐标/);
    assert.deepEqual(codes('map-point', { lat: -26.5, lon: 106.7 }), ['error:outside']);
    assert.equal(format('map-point', { ...here, accuracy: 12.4 }), '东经 106.713478°，北纬 26.578312°（误差约 12 米）');
    assert.equal(Math.round(distance(here, { lat: 26.587305, lon: 106.713478 })), 1000);
  });

  it('warn of a position that is too far away by more than its precision [PLT-4.5]', () => {
    const position = { lat: 26.58, lon: 106.713478, accuracy: 20, at: '2026-11-21T02:00:00Z' };
    const far = { to: 'site', within: 150 };
    assert.deepEqual(codes('position', position, far, { site: { lat: 26.578312, lon: 106.713478 } }), ['warning:far']);
    assert.deepEqual(codes('position', position, far, { site: { lat: 26.5786, lon: 106.713478 } }), []);
    assert.deepEqual(codes('position', position, far, {}), []);
    assert.match(format('position', position), /2026-11-21 10:00$/);
  });

  it('keep known tags of rich text only, and all of its words', () => {
    const clean = (html: string) => sanitised(html);
    assert.equal(clean('<p onclick="x()">一<b>二</b></p>'), '<p>一<strong>二</strong></p>');
    assert.equal(clean('<script>alert(1)</script>好<img src=x onerror=alert(1)>'), '好');
    assert.equal(clean('<a href="javascript:alert(1)">链接</a>'), '链接');
    assert.equal(clean('<ul><li>一<ul><li>二</ul><li>三'), '<ul><li>一<ul><li>二</li></ul></li><li>三</li></ul>');
    assert.equal(clean('a < b & c &lt;d&gt;'), 'a &lt; b &amp; c &lt;d&gt;');
    assert.equal(clean('<p>一<p>二'), '<p>一</p><p>二</p>');
    assert.equal(clean('<p><br></p>'), '');
    assert.equal(clean('<svg><script>x</script></svg><scr<script>ipt>y'), '&lt;scr');
    assert.equal(plainText('<p>一</p><ul><li>二</li><li>三</li></ul>'), '一\n· 二\n· 三');
    assert.deepEqual(codes('rich-text', '<p>一二三</p>', { validate: { maxLength: 2 } }), ['error:too-long']);
    assert.equal(clean(clean('<p>a &amp;lt; b</p>')), clean('<p>a &amp;lt; b</p>'), 'twice is the same');
  });

  it('load the items of a check list by the type beside it', () => {
    const one = (value: string) => ({ value, label: `项${value}` });
    const list = { itemsBy: { by: 'type', items: { food: [one('a'), one('b')], water: [one('c')] } } };
    assert.deepEqual(codes('check-list', ['a'], list, { type: 'food' }), []);
    const [finding] = kinds['check-list'].check(['a', 'c'], field('check-list', list), {
      data: { type: 'water' },
      today: '2026-11-21',
    });
    assert.deepEqual(finding.repair?.value, ['c'], 'what another type had can be taken away');
    assert.deepEqual(parse('check-list', '项a、项c', list), ['a', 'c']);
  });

  it('say in Excel that pictures, files and positions are not typed', () => {
    for (const type of ['files', 'photo', 'position', 'signature', 'computed'] as const)
      assert.match(String(parse(type, 'x')), /不能填写|不用填/);
  });
});
