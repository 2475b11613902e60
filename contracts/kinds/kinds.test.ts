import assert from 'node:assert/strict';
import type { Field, ScalarKind } from '../forms/index.ts';
import { exactSum, isEmpty, kinds } from './index.ts';
import { tidyStandardNo } from './standard-no/index.ts';

const field = (type: ScalarKind, more: Partial<Field> = {}): Field => ({ type, key: 'x', label: 'X', ...more });
const codes = (type: ScalarKind, value: unknown, more: Partial<Field> = {}, data = {}) =>
  kinds[type].check(value, field(type, more), { data, today: '2026-11-21' }).map((f) => `${f.severity}:${f.code}`);
const parse = (type: ScalarKind, text: string, more: Partial<Field> = {}) => {
  const parsed = kinds[type].parse(text, field(type, more));
  return 'value' in parsed ? parsed.value : parsed.zh;
};
const format = (type: ScalarKind, value: unknown, more: Partial<Field> = {}) =>
  kinds[type].format(value, field(type, more), 'zh');

describe('field kinds', () => {
  it('accept real USCCs and refuse nonsense; a failing check character is a warning [PLT-4.5]', () => {
    for (const good of [
      '914403001922038216',
      '9144030071526726XG',
      '91330100799655058B',
      '91110000802100433B',
      '91330100716105852F',
      '91520000MA00000151',
      '91450000MA0000015N',
      '91610000MA0000015K',
      '91310000MA0000015F',
      '12520000123456788R',
    ])
      assert.deepEqual(codes('uscc', good), [], good);
    assert.deepEqual(codes('uscc', '914403001922038217'), ['warning:check-character']);
    assert.deepEqual(codes('uscc', '91520000000000000X'), ['error:structure']);
    assert.deepEqual(codes('uscc', '000000000000000000'), ['error:structure']);
    assert.deepEqual(codes('uscc', '91990000MA0000015F'), ['error:division']);
    assert.deepEqual(codes('uscc', '9152000012345678'), ['error:length']);
    assert.deepEqual(codes('uscc', '91520000MAO0000151'), ['error:alphabet']);
    assert.equal(parse('uscc', ' 91520000-ma0000015１ '), '91520000MA00000151');
  });

  it('check identity cards by GB 11643, other documents by shape [PLT-4.2] [CMA-2.12]', () => {
    for (const good of ['11010519491231002X', '440524188001010014', '520102199003070030', '320101198001010044'])
      assert.deepEqual(codes('person-id', good), [], good);
    assert.deepEqual(codes('person-id', '110105194912310021'), ['error:check-character']);
    assert.deepEqual(codes('person-id', '110105194913310021'), ['error:birth']);
    assert.deepEqual(codes('person-id', '990105194912310021'), ['error:division']);
    assert.deepEqual(codes('person-id', '11010519491231'), ['error:length']);
    assert.deepEqual(codes('person-id', 'E12345678', { idType: 't' }, { t: 'passport' }), []);
    assert.equal(kinds['person-id'].mask('11010519491231002X', field('person-id'), 'zh'), '1101**********002X');
  });

  it('read numbers as people write them and say which are none', () => {
    assert.equal(parse('number', '１，２８６．４'), 1286.4);
    assert.equal(parse('number', '42 m²', { appearance: { suffixAdorner: 'm²' } }), 42);
    assert.match(String(parse('number', '约 40')), /不是数字/);
    assert.match(String(parse('number', '=1+1')), /不是数字/);
    assert.deepEqual(codes('number', 1.5), ['error:whole']);
    assert.deepEqual(codes('number', 1.25, { decimalDigits: 1 }), ['error:decimals']);
    assert.deepEqual(codes('number', -1, { validate: { min: 0 } }), ['error:too-small']);
    assert.deepEqual(codes('number', 101, { validate: { max: 100 } }), ['error:too-large']);
    assert.equal(format('number', 1234567.5), '1,234,567.5');
    assert.equal(exactSum([0.1, 0.2, 99.7]), 100);
  });

  it('keep money in whole fen and show it in the unit of the field [CMA-2.16]', () => {
    const wan = { appearance: { suffixAdorner: '万元' } };
    assert.equal(parse('money', '1,286.40', wan), 1_286_400_000);
    assert.equal(format('money', 1_286_400_000, wan), '1,286.40');
    assert.equal(format('money', 1_286_412_345, wan), '1,286.412345');
    assert.equal(parse('money', '0.07'), 7);
    assert.match(String(parse('money', '0.071')), /小数最多 2 位/);
    assert.equal(format('money', 123456), '1,234.56');
  });

  it('take dates in the usual spellings and only days that exist', () => {
    for (const text of ['2026-11-21', '2026/11/21', '2026.11.21', '2026年11月21日', '20261121'])
      assert.equal(parse('date', text), '2026-11-21');
    assert.match(String(parse('date', '2026-02-30')), /不是日期/);
    assert.deepEqual(codes('date', '2026-11-22', { validate: { max: 'today' } }), ['error:too-late']);
    assert.deepEqual(codes('date', '2026-13-01'), ['error:date']);
    assert.equal(parse('month', '1985年3月'), '1985-03');
    assert.equal(parse('month', '1985-03-12'), '1985-03');
    assert.deepEqual(codes('month', '2027-01'), ['error:too-late']);
  });

  it('choose among the options of the field, by name or by value', () => {
    const values = [
      { value: 'food', label: '食品', labelEn: 'Food' },
      { value: 'nonFood', label: '非食品' },
    ];
    assert.equal(parse('choice', '食品', { values }), 'food');
    assert.match(String(parse('choice', '药品', { values })), /填 食品、非食品 之一/);
    assert.deepEqual(codes('choice', 'drug', { values }), ['error:choice']);
    assert.deepEqual(parse('check-list', '食品、非食品', { values }), ['food', 'nonFood']);
    assert.equal(format('check-list', ['food', 'nonFood'], { values }), '食品、非食品');
    const answers = [{ value: 'conform', label: '符合' }];
    assert.deepEqual(codes('check-list', { food: 'conform' }, { values, answers }), ['error:unanswered']);
    assert.deepEqual(codes('check-list', { food: 'conform', nonFood: 'conform' }, { values, answers }), []);
    assert.deepEqual(codes('check-list', { food: 'maybe' }, { values, answers }), ['error:choice']);
  });

  it('tell phones, e-mails and divisions from other text', () => {
    assert.equal(parse('phone', '（0851）8556 1234'), '0851-85561234');
    assert.deepEqual(codes('phone', '0851-85561234'), []);
    assert.deepEqual(codes('phone', '0851-85561234', { phone: 'mobile' }), ['error:phone']);
    assert.deepEqual(codes('phone', '12345'), ['error:phone']);
    assert.deepEqual(codes('email', 'lab@example.cn'), []);
    assert.deepEqual(codes('email', 'lab@'), ['error:email']);
    assert.deepEqual(codes('division', '520102', { level: 'county' }), []);
    assert.deepEqual(codes('division', '520100', { level: 'county' }), ['error:level']);
    assert.deepEqual(codes('division', '990102'), ['error:division']);
  });

  it('want the year of a standard and offer the proper spelling [CMA-2.8]', () => {
    for (const good of [
      'GB 5009.12-2023',
      'GB/T 5750.4-2023',
      'GB 4789.2-2022',
      'HJ 828-2017',
      'JGJ/T 23-2011',
      'SN/T 1632.1-2013',
      'GB 2763-2021',
      'DB52/T 1057-2015',
      'DBS52/ 011-2016'.replace('/ ', '/'),
      'T/CECS 10-2019',
      'NY/T 761-2008',
      'YB/T 4001.1-2019',
    ])
      assert.deepEqual(codes('standard-no', good), [], good);
    assert.deepEqual(codes('standard-no', 'HJ 637'), ['error:year']);
    assert.deepEqual(codes('standard-no', 'gb5009.12—2023'), ['error:form']);
    assert.deepEqual(codes('standard-no', '玻璃电极法'), ['error:standard']);
    assert.equal(tidyStandardNo('gb/t5750.4－2023'), 'GB/T 5750.4-2023');
  });

  it('know what is empty', () => {
    for (const empty of [null, undefined, '', ' 　', [], {}]) assert.equal(isEmpty(empty), true);
    for (const full of [0, false, 'a', ['a']]) assert.equal(isEmpty(full), false);
  });
});
