import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { scalarKinds, type Field, type ScalarKind } from '../../../../contracts/forms/index.ts';
import { kinds } from '../../../../contracts/kinds/index.ts';
import { serverKinds } from './index.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const folders = (path: string) =>
  readdirSync(root + path)
    .filter((name) => statSync(`${root}${path}/${name}`).isDirectory())
    .sort();
const option = (value: string, label: string) => ({ value, label });
const moment = '2026-11-21T02:00:00.000Z';

interface Sample {
  value: unknown;
  field?: Partial<Field>;
  data?: Record<string, unknown>;
  /** Nobody types it, so Excel shows it and does not take it. */
  seen?: true;
  /** What comes back from Excel, where that is not the value: names are found again on the server. */
  back?: unknown;
}

/** A right value of each kind; a kind without one fails the test. */
const samples: Record<ScalarKind, Sample[]> = {
  text: [{ value: '贵阳市南明区示例路 100 号' }],
  textarea: [{ value: '第一行\n第二行' }],
  number: [{ value: 0.1, field: { decimalDigits: 1 } }, { value: 0 }],
  money: [{ value: 1_234_567 }, { value: 20_000_000, field: { appearance: { suffixAdorner: '万元' } } }],
  date: [{ value: '2026-11-21' }],
  month: [{ value: '2026-11' }],
  boolean: [{ value: true }],
  choice: [{ value: 'b', field: { values: [option('a', '甲'), option('b', '乙')] } }],
  'check-list': [
    { value: ['a', 'b'], field: { values: [option('a', '甲'), option('b', '乙')] } },
    {
      value: { a: 'yes', b: 'no' },
      field: {
        values: [option('a', '甲'), option('b', '乙')],
        answers: [option('yes', '符合'), option('no', '不符合')],
      },
    },
  ],
  division: [{ value: '520102' }],
  uscc: [{ value: '914403001922038216' }],
  'person-id': [{ value: '11010519491231002X' }],
  phone: [{ value: '13800005013' }, { value: '0851-80000100' }],
  email: [{ value: 'office@example.com' }],
  'standard-no': [{ value: 'GB/T 5750.12-2023' }],
  computed: [{ value: 12, seen: true }],
  signature: [{ value: { by: '云岭检测', at: moment, hash: 'a'.repeat(64) }, seen: true }],
  datetime: [{ value: '2026-11-21T09:30' }, { value: '09:30', field: { subtype: 'time' } }],
  'date-range': [{ value: { from: '2026-01-01', to: '2026-12-31' } }],
  'tree-choice': [
    {
      value: '11',
      field: { tree: [{ ...option('1', '粮食'), children: [option('11', '其他')] }, option('2', '其他')] },
    },
  ],
  person: [{ value: { id: 'p', label: '宋知微' }, back: { id: '', label: '宋知微' } }],
  organisation: [{ value: { id: '520102', label: '南明区局' }, back: { id: '', label: '南明区局' } }],
  'register-ref': [
    { value: { id: 'r', label: '云岭检测' }, field: { register: 'institution' }, back: { id: '', label: '云岭检测' } },
  ],
  files: [{ value: [{ id: 'f', name: '说明.pdf', size: 10, type: 'application/pdf' }], seen: true }],
  photo: [
    {
      value: [
        {
          id: 'f',
          name: '照片.jpg',
          size: 10,
          type: 'image/jpeg',
          at: moment,
          by: '宋知微',
          lat: 26.5,
          lon: 106.7,
          accuracy: 8,
        },
      ],
      seen: true,
    },
  ],
  'map-point': [{ value: { lat: 26.578312, lon: 106.713478 } }],
  position: [{ value: { lat: 26.58, lon: 106.71, accuracy: 20, at: moment }, seen: true }],
  'rich-text': [{ value: '<p>一</p><p>二</p>' }],
  scan: [{ value: '6901234567892' }],
};

const each = scalarKinds.flatMap((type) =>
  samples[type].map((sample) => ({ ...sample, type, field: { type, key: 'x', label: 'X', ...sample.field } as Field })),
);

describe('every kind of field', () => {
  it('has its check, storage, masking, print, Excel, editor and viewer, in three folders of its name [PLT-4.2]', () => {
    const names = [...scalarKinds].sort();
    assert.deepEqual(folders('contracts/kinds'), names);
    assert.deepEqual(folders('api/src/forms/kinds'), names);
    // Tables and rulings on rows hold fields, they are none.
    const shown = folders('web/src/forms/kinds').filter((name) => name !== 'table' && name !== 'row-decisions');
    assert.deepEqual(shown, names);
    for (const name of names) {
      const { kind, title, check, jsonSchema, mask, format, parse } = kinds[name];
      assert.equal(kind, name);
      assert.ok(title.zh && title.en, name);
      for (const part of [check, jsonSchema, mask, format, parse]) assert.equal(typeof part, 'function', name);
      const server = serverKinds[name];
      assert.equal(server.kind, name);
      assert.ok(server.sheet.width > 0 && server.sheet.hint({ type: name, key: 'x', label: 'X' }).length > 0, name);
      assert.equal(typeof server.sheet.cell, 'function', name);
      assertShown(name);
    }
  });

  it('takes a right value into store and hands nobody more than the mask lets through [PLT-4.2]', () => {
    const ajv = new Ajv2020({ strict: false });
    for (const { type, field, value, data = {} } of each) {
      const isStored = ajv.compile(kinds[type].jsonSchema(field));
      assert.ok(isStored(value), `${type}: ${JSON.stringify(isStored.errors)}`);
      assert.deepEqual(kinds[type].check(value, field, { data, today: '2026-11-21' }), [], type);
      for (const lang of ['zh', 'en'] as const) {
        assert.ok(kinds[type].format(value, field, lang).length > 0, type);
        assert.ok(kinds[type].mask(value, field, lang).length > 0, type);
      }
    }
    for (const type of ['person-id', 'phone', 'email', 'person'] as const) {
      const [{ field, value }] = each.filter((one) => one.type === type);
      assert.notEqual(kinds[type].mask(value, field!, 'zh'), kinds[type].format(value, field!, 'zh'), type);
    }
  });

  it('comes back from Excel as it went out, or says that it is not typed there [PLT-4.2] [PLT-4.4]', () => {
    for (const { type, field, value, seen, back } of each) {
      const cell = serverKinds[type].sheet.cell(value, field, {});
      const parsed = kinds[type].parse(String(cell), field);
      if (seen) assert.ok('zh' in parsed, type);
      else assert.deepEqual(parsed, { value: back ?? value }, type);
    }
  });
});

/** Editor and viewer are components of the browser, which do not run here; that they exist, and are named, does. */
function assertShown(name: ScalarKind): void {
  const folder = `${root}web/src/forms/kinds/${name}/`;
  const source = readFileSync(`${folder}index.ts`, 'utf8');
  assert.match(source, new RegExp(`kind: '${name}'`), name);
  for (const part of ['Editor', 'Viewer']) {
    const component = new RegExp(`\\b${part}(?:: (\\w+))?[,\\s]`).exec(source.slice(source.indexOf('defineKindUi({')));
    assert.ok(component, `${name} has no ${part}`);
    const file = new RegExp(`import ${component[1] ?? part} from '([^']+)'`).exec(source);
    assert.ok(file && existsSync(folder + file[1]!), `${name}: ${part}`);
  }
}
