/** A province at work: a million open tasks at 12,000 offices, in the product's tables and in the engine's own. */
import pg from 'pg';
import { openBench } from '../engine-adapters/launcher/bench-client.ts';
import type { World } from '../api/src/main/world.ts';

export const TASKS = 1_000_000;
const CITIES = 10;
const COUNTIES = 100;
const POSTS = 12_000 - CITIES - COUNTIES - 1;

/** Role whose tasks they are; an office of nine digits holds about 83 of them. */
export const ROLE = 'cma.acceptance';
/** A post in the middle of the tree, and the province. */
export const CLERK_OFFICE = '520505050';
export const PROVINCE = '52';

/**
 * Writes offices, cases and tasks straight into the tables with the triggers off: through the api it would take hours.
 * The rows are those that the triggers would have written.
 */
export async function fillMillion(world: World): Promise<void> {
  const { adminUrl } = await openBench();
  const url = new URL(adminUrl);
  url.pathname = new URL(world.databaseUrl).pathname;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(`set session_replication_role = replica; set search_path = app`);
    for (const statement of STATEMENTS) await client.query(statement);
    for (const table of [
      'task',
      'task_group',
      '"case"',
      'office_ancestor',
      'engine.act_ru_task',
      'engine.act_ru_identitylink',
    ])
      await client.query(`vacuum analyze ${table}`);
  } finally {
    await client.end();
  }
}

const CASE = `('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))`;

const STATEMENTS = [
  `create temp table place as
     select row_number() over (order by code) - 1 as at, code from (
       select '5205' || lpad(c::text, 2, '0') || lpad(p::text, 3, '0') as code
       from generate_series(1, ${COUNTIES - 1}) c, generate_series(1, ${Math.floor(POSTS / (COUNTIES - 1))}) p) x`,
  `insert into office (code, name, short_name, level, division)
     select '5205', '毕节市局', '毕节市', 'city', '520500'
     union all select distinct left(code, 6), '区县局', '区县', 'county', '520500' from place
     union all select code, '所', '所', 'township', '520500' from place
     on conflict do nothing`,
  `insert into office_ancestor (office, ancestor, distance)
     select o.code, a.code, row_number() over (partition by o.code order by length(a.code) desc) - 1
     from office o join office a on o.code like a.code || '%' on conflict do nothing`,
  `create temp table numbered as
     select n, code, ('2026-09-14'::date + (n::bigint * 7919 % 60)::int - 20) as due
     from generate_series(1, ${TASKS}) n join place on at = n % (select count(*) from place)`,
  `insert into "case" (id, number, flow, release_id, title, subject_name, office, starter, state, received_at, stage)
     select ${CASE}::uuid, 'BENCH-' || n, 'cma-initial', r.id, '黔测检测有限公司 首次申请', '黔测检测有限公司', code,
       '00000000-0000-4000-8000-000000000000', 'running', '2026-09-01', '受理'
     from numbered, (select id from release where flow = 'cma-initial' limit 1) r`,
  `insert into task (id, case_id, step, name, entered_at, arrived_at, state, visit, due_on, version)
     select 'bench-' || n, ${CASE}::uuid, 'acceptance', '受理', '2026-09-01', '2026-09-01', 'open', 1, due, 1 from numbered`,
  `insert into task_group (task_id, grp, due_on, entered_at)
     select 'bench-' || n, '${ROLE}@' || code, due, '2026-09-01'::timestamptz from numbered
     union all
     select 'bench-' || n, '${ROLE}@' || ancestor || '*', due, '2026-09-01'::timestamptz from numbered join office_ancestor on office = code`,
  `insert into engine.act_ru_task
       (id_, rev_, name_, task_def_key_, priority_, create_time_, suspension_state_, proc_def_id_, proc_inst_id_)
     select 'bench-' || n, 1, '受理', 'acceptance', 50, '2026-09-01', 1, d.definition_id, 'bench-' || n
     from numbered, (select definition_id from release where flow = 'cma-initial' limit 1) d`,
  `insert into engine.act_ru_identitylink (id_, rev_, group_id_, type_, task_id_)
     select 'link-' || n, 1, '${ROLE}@' || code, 'candidate', 'bench-' || n from numbered`,
];
