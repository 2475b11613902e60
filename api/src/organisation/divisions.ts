import { readFile } from 'node:fs/promises';
import type { Knex } from 'knex';

const DIVISIONS = new URL('../../data/divisions.json', import.meta.url);

interface Division {
  code: string;
  name: string;
  parent: string | null;
  level: 'province' | 'city' | 'county';
}

interface DivisionFile {
  provinces: Record<
    string,
    { name: string; cities: { code: string; name: string; counties: { code: string; name: string }[] }[] }
  >;
}

/** Brings table `division` to the state of the product's file (GB/T 2260); what is there stays. */
export async function loadDivisions(trx: Knex.Transaction): Promise<void> {
  const { provinces } = JSON.parse(await readFile(DIVISIONS, 'utf8')) as DivisionFile;
  await trx.raw(
    `insert into division (code, name, parent, level)
     select code, name, parent, level from jsonb_to_recordset(?::jsonb) as d(code text, name text, parent text, level text)
     order by code
     on conflict (code) do update set name = excluded.name where division.name <> excluded.name`,
    [JSON.stringify([...divisionsOf(provinces)])],
  );
}

function* divisionsOf(provinces: DivisionFile['provinces']): Generator<Division> {
  for (const [code, province] of Object.entries(provinces)) {
    yield { code, name: province.name, parent: null, level: 'province' };
    for (const city of province.cities) {
      yield { code: city.code, name: city.name, parent: code, level: 'city' };
      for (const county of city.counties) yield { ...county, parent: city.code, level: 'county' };
    }
  }
}
