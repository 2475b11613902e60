import assert from 'node:assert/strict';
import { z } from 'zod';
import { formed } from '../../../contracts/api/formed.ts';
import { wordsOf } from './wording.ts';

describe('what is wrong with a field', () => {
  const said = (schema: z.ZodType, value: unknown) => wordsOf(schema.safeParse(value).error!.issues[0]!);

  it('is told as how to mend it, in both languages', () => {
    assert.deepEqual(said(z.string().min(1), ''), { zh: '填写这一项', en: 'Fill this in' });
    assert.deepEqual(said(z.string().max(3), '南明区局'), { zh: '最多 3 个字', en: 'At most 3 characters' });
    assert.deepEqual(said(z.array(z.string()).min(2), []), { zh: '至少 2 项', en: 'At least 2 items' });
    assert.deepEqual(said(z.number().max(20), 21), { zh: '最多 20', en: 'At most 20' });
    assert.equal(said(z.email(), 'lab').zh, '写成邮箱地址，如 name@example.cn');
    assert.equal(said(z.object({ name: z.string() }), {}).zh, '缺少这一项');
    const words = { zh: '填 11 位手机号', en: 'Eleven digits' };
    assert.deepEqual(said(formed(/^1\d{10}$/, words), '110'), words);
  });

  it('keeps the pattern for the description of the interface', () => {
    assert.deepEqual(z.toJSONSchema(formed(/^\d{6}$/, { zh: '', en: '' })).pattern, '^\\d{6}$');
  });
});
