import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LastImport } from '../../contracts/api/index.ts';
import { findField, isTable, type FormSchema, type TableField } from '../../contracts/forms/index.ts';
import { enter, sheetOf } from '../../api/src/scenarios/index.ts';
import { CMA, NOTHING } from '../kit.ts';
import { inTurn, type Row } from '../row.ts';

const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const INSTITUTION = 'fixtures/institution-a.json';

/** Every run changes every row: two files differ in a remark and are sent in turn. */
export const imported: Row = {
  id: 'import',
  title: '导入、核对并更新一万行能力表（Excel，到结果出来）',
  limit: 3000,
  figure: 'median',
  async measure(kit) {
    const client = await kit.client('申请人');
    const read = async <T>(file: string) => JSON.parse(await readFile(join(CMA, file), 'utf8')) as T;
    const { tables } = await read<{ tables: { capabilities: { parameter: string }[] } }>(INSTITUTION);
    const table = tableOf(await read<FormSchema>('forms/application.form.json'), 'capabilities');
    const known = tables.capabilities;
    const rows = (count: number, note: string) =>
      Array.from({ length: count }, (_, i) => {
        const row = known[i % known.length]!;
        return { ...row, parameter: `${row.parameter} ${Math.floor(i / known.length)}`, note };
      });

    async function importer(count: number): Promise<(run: number) => Promise<void>> {
      const sheets = await Promise.all(['甲', '乙'].map((note) => sheetOf(table, rows(count, note))));
      const { id } = await client.send<{ id: string }>('POST', '/drafts', { flow: 'cma-initial' });
      await enter(client, { owner: id, form: 'application' }, { ...NOTHING, fill: [INSTITUTION], materials: [] }, CMA);
      const path = `/forms/${id}/application/tables/capabilities/import`;
      return async (run) => {
        await client.upload(path, { name: '能力表.xlsx', bytes: sheets[run % 2]!, type: TYPE });
        await client.quiet();
        const { job } = await client.get<LastImport>(path);
        if (!job?.answer || job.answer.faulty > 0)
          throw new Error(`not imported: ${JSON.stringify(job).slice(0, 500)}`);
      };
    }
    return inTurn(3, await importer(10_000), { title: '一千行', run: await importer(1000) });
  },
};

function tableOf(form: FormSchema, key: string): TableField {
  const field = findField(form, key);
  if (!field || !isTable(field)) throw new Error(`${key} is no table`);
  return field;
}
