import assert from 'node:assert/strict';
import { differences, withMine } from './versions.ts';

const label = (zh: string) => ({ zh, en: zh });
const entry = {
  columns: [
    { id: 'contactName', label: label('联系人'), type: 'text' as const },
    { id: 'email', label: label('电子邮箱'), type: 'text' as const },
  ],
  children: [
    {
      id: 'sites',
      label: label('场所'),
      columns: [
        { id: 'code', label: label('编号'), type: 'text' as const },
        { id: 'name', label: label('名称'), type: 'text' as const },
      ],
      key: ['code'],
      total: 0,
    },
  ],
};
const theirs = {
  fields: { contactName: '顾南乔', email: 'lab@example.cn' },
  children: { sites: [{ name: '总部', code: 'S1' }] },
};

describe('two versions of a draft', () => {
  it('are shown where they differ, fields and rows as text [PLT-1.2]', () => {
    const mine = { fields: { contactName: '宋知微', email: 'lab@example.cn' }, children: {} };
    assert.deepEqual(differences(entry, theirs, mine, 'zh'), [
      { key: 'fields/contactName', label: '联系人', theirs: '顾南乔', mine: '宋知微' },
      { key: 'children/sites', label: '场所', theirs: 'S1　总部', mine: '' },
    ]);
    const inOtherOrder = { ...theirs, children: { sites: [{ code: 'S1', name: '总部' }] } };
    assert.deepEqual(differences(entry, theirs, inOtherOrder, 'zh'), []);
  });

  it('become one by choice of each part, also where one side has left it empty [PLT-1.2]', () => {
    const mine = { fields: { contactName: '宋知微' }, children: {} };
    assert.deepEqual(withMine(theirs, mine, []), theirs);
    assert.deepEqual(withMine(theirs, mine, ['fields/contactName', 'fields/email', 'children/sites']), mine);
    assert.deepEqual(withMine(theirs, mine, ['fields/contactName']).fields, {
      contactName: '宋知微',
      email: 'lab@example.cn',
    });
  });
});
