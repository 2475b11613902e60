import assert from 'node:assert/strict';
import { compileForm, type FormSchema } from '../../../contracts/forms/index.ts';
import type { Finding, MaterialItem } from '../api/index.ts';
import { inOrder, partsOf, sectionOf, withFindings } from './sections.ts';

const schema = {
  type: 'default',
  id: 'application',
  components: [
    { type: 'group', id: 'profile', label: '机构概况', components: [{ type: 'text', key: 'name', label: '名称' }] },
    {
      type: 'group',
      id: 'parent',
      label: '所属法人',
      components: [{ type: 'text', key: 'parentName', label: '名称' }],
    },
    {
      type: 'group',
      id: 'seal',
      label: '自我承诺',
      labelEn: 'Commitment',
      components: [{ type: 'signature', key: 'bookSealed', label: '签章' }],
    },
  ],
} satisfies FormSchema;
const manual: MaterialItem = {
  item: 'manual',
  title: '质量手册',
  required: true,
  applies: true,
  hint: null,
  open: true,
  types: ['pdf'],
  max: 1,
  sample: null,
  blank: null,
  files: [],
};
const finding = (path: string, code = 'missing'): Finding => ({
  path,
  code,
  severity: 'error',
  zh: path,
  en: path,
  basis: null,
  where: { zh: '', en: '', group: null, row: null },
  repair: null,
});

describe('parts of a form', () => {
  const parts = partsOf(compileForm(schema), new Set(['parentName']), [manual], 'zh');

  it('leave out what is hidden and put the materials before what is sealed', () => {
    assert.deepEqual(
      parts.map(({ number, title }) => `${number} ${title}`),
      ['1 机构概况', '2 材料', '3 自我承诺'],
    );
    assert.equal(sectionOf(parts, 'materials/manual')?.number, 2);
  });

  it('say what each still lacks', () => {
    const states = withFindings(parts, [
      finding('name', 'too-long'),
      finding('materials/manual'),
      finding('bookSealed'),
    ]);
    assert.deepEqual(
      states.map(({ missing, wrong, unsealed }) => [missing, wrong, unsealed]),
      [
        [0, 1, false],
        [1, 0, false],
        [1, 0, true],
      ],
    );
  });

  it('put findings into the order in which a person meets their places', () => {
    const found = inOrder(parts, [finding('bookSealed'), finding('materials/manual'), finding('name')]);
    assert.deepEqual(
      found.map((one) => one.path),
      ['name', 'materials/manual', 'bookSealed'],
    );
  });
});
