import assert from 'node:assert/strict';
import type { Variables } from '../port/index.ts';
import type { Given } from './index.ts';
import { refuses } from './kit.ts';
import { table } from './models.ts';

export function deciding(on: Given): void {
  describe('decision tables [ENGINE 10]', () => {
    const deploy = async (key: string, rows: string[][], options?: { language?: string }) => {
      const bytes = new TextEncoder().encode(table(key, ['field', 'sector'], rows, options));
      return (await on.port.deploy({ name: key, files: [{ name: `${key}.dmn`, bytes }] })).deploymentId;
    };
    const evaluate = (key: string, variables: Variables, deploymentId?: string) =>
      on.port.evaluate({ key, variables, deploymentId });

    it('are evaluated as they were deployed, or in the latest version', async () => {
      const first = await deploy('versions', [['"food"', '"00"']]);
      const second = await deploy('versions', [['"food"', '"11"']]);
      assert.deepEqual(await evaluate('versions', { field: 'food' }, first), [{ sector: '00' }]);
      assert.deepEqual(await evaluate('versions', { field: 'food' }, second), [{ sector: '11' }]);
      assert.deepEqual(await evaluate('versions', { field: 'food' }), [{ sector: '11' }]);
      assert.deepEqual(await evaluate('versions', { field: 'water' }), []);
    });

    it('know Chinese names, and take the next row for null and for nonsense without a word', async () => {
      const rows = [
        ['> 10', '"large"'],
        ['', '"else"'],
      ];
      const bytes = new TextEncoder().encode(
        table('sizes', ['职工人数', 'size'], rows).replace('typeRef="string"', 'typeRef="double"'),
      );
      await on.port.deploy({ name: 'sizes', files: [{ name: 'sizes.dmn', bytes }] });
      assert.deepEqual(await evaluate('sizes', { 职工人数: 11 }), [{ size: 'large' }]);
      assert.deepEqual(await evaluate('sizes', { 职工人数: null }), [{ size: 'else' }]);
      assert.deepEqual(await evaluate('sizes', { 职工人数: 2 }), [{ size: 'else' }]);
    });

    it('fail at evaluation only when a cell is wrong', async () => {
      await deploy('broken', [['> > 1', '"x"']]);
      await refuses(evaluate('broken', { field: 'food' }), { kind: 'refused', code: 'decision-table' });
    });

    it('are not known by every key', async () => {
      const deployment = await deploy('known', [['', '"x"']]);
      await refuses(evaluate('unknown', {}), { kind: 'invalid', code: 'no-such-table' });
      await refuses(evaluate('unknown', {}, deployment), { kind: 'invalid', code: 'no-such-table' });
    });

    it('are refused in another language than FEEL', async () => {
      for (const language of ['juel', 'groovy', 'javascript'])
        await refuses(deploy(`in_${language}`, [['', '"x"']], { language }), {
          kind: 'invalid',
          code: 'model',
          where: 'ine0',
        });
    });
  });
}
