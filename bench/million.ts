/** A province at work: a million open tasks at 12,000 offices, in the product's tables and in the engine's own. */
import pg from 'pg';
import { openBench } from '../engine-adapters/launcher/bench-client.ts';
import { initialsOf } from '../api/src/search/index.ts';
import type { World } from '../api/src/main/world.ts';

export const TASKS = 1_000_000;
/** Roles that tasks are offered to; one task in ten is offered to two of them. */
export const ROLES = 24;

/** Ten cities of ten counties of 119 posts each: a post has some 84 tasks. */
export const POST = '521505050';
export const CITY = '5215';
export const PROVINCE = '52';

/**
 * Writes offices, cases and tasks straight into the tables with the triggers and indexes off: through the api it would
 * take hours. The rows are those that the triggers would have written.
 */
export async function fillMillion(world: World): Promise<void> {
  const { adminUrl } = await openBench();
  const url = new URL(adminUrl);
  url.pathname = new URL(world.databaseUrl).pathname;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(
      `set session_replication_role = replica; set search_path = app; set maintenance_work_mem = '1GB'`,
    );
    const { rows: indexes } = await client.query<{ name: string; definition: string }>(INDEXES);
    for (const { name } of indexes) await client.query(`drop index ${name}`);
    await client.query(`create temp table word (kind text, at int, zh text, initials text)`);
    for (const [kind, words] of Object.entries(WORDS))
      await client.query(`insert into word select $1, * from unnest($2::int[], $3::text[], $4::text[])`, [
        kind,
        words.map((_, n) => n),
        words,
        words.map(initialsOf),
      ]);
    for (const statement of STATEMENTS) await client.query(statement);
    for (const { definition } of indexes) await client.query(definition);
    for (const table of TABLES) await client.query(`vacuum analyze ${table}`);
    // A province didn't write its million a minute ago: what was written for it isn't flushed beside what is measured.
    await client.query('checkpoint');
  } finally {
    await client.end();
  }
}

const TABLES = [
  'app.task',
  'app.task_group',
  'app."case"',
  'app.office_ancestor',
  'engine.act_ru_task',
  'engine.act_ru_identitylink',
];

const INDEXES = `
  select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
  from pg_index i left join pg_constraint c on c.conindid = i.indexrelid
  where i.indrelid = any('{${TABLES.map((table) => table.replaceAll('"', '\\"')).join()}}'::regclass[]) and c.oid is null`;

/** Names of subjects: a place, a name and a trade. */
const WORDS = {
  place: '贵阳 遵义 六盘水 安顺 毕节 铜仁 凯里 都匀 兴义 重庆 赤水 仁怀 清镇 福泉 盘州 瓮安'.split(' '),
  name: '黔测 岭砚 沐溪 云屯 乌岩 砚山 禾沸 筑屿 赤砚 梵阶 苗岭 花溪 正安 明远 天合 中衡 恒信 立德 长青 华正'.split(
    ' ',
  ),
  trade: '检测 环境检测 食品检验 建材检测 机动车检测 计量检定 药物检验 工程检测'.split(' '),
};

const uuid = (n: string) => `('00000000-0000-4000-8000-' || lpad((${n})::text, 12, '0'))::uuid`;

const STATEMENTS = [
  `create temp table place as
     select row_number() over () - 1 as at, city || lpad(county::text, 2, '0') || lpad(post::text, 3, '0') as code
     from generate_series(5211, 5220) city, generate_series(1, 10) county, generate_series(1, 119) post`,
  `insert into office (code, name, short_name, level, division, parent)
     select distinct left(code, 4), '市局', '市', 'city', left(code, 4) || '00', '${PROVINCE}' from place
     union all select distinct left(code, 6), '区县局', '区县', 'county', left(code, 6), left(code, 4) from place
     union all select code, '所', '所', 'township', left(code, 6), left(code, 6) from place`,
  `insert into office_ancestor (office, ancestor, distance)
     select o.code, a.code, row_number() over (partition by o.code order by length(a.code) desc) - 1
     from office o, unnest(array[2, 4, 6, 9]) digits join office a on true
     where a.code = left(o.code, digits) and digits <= length(o.code) on conflict do nothing`,
  `create temp table kind as
     select row_number() over (order by id) - 1 as at, id as role from (select id from role order by id limit ${ROLES}) r`,
  // Four tasks are of one case; one in twelve has no last day, one in seven is held by somebody.
  `create temp table numbered as
     select n, m, code, k.role, l.role as other,
       case when n % 12 = 0 then null else '2026-09-14'::date + (n::bigint * 7919 % 60)::int - 6 end as due,
       case when n % 7 = 0 then ${uuid('n % 5000')} end as holder,
       '2026-09-01'::timestamptz - (n::bigint * 104729 % 2000000) * interval '1 second' as arrived,
       case when m % 20 = 0 then 80 else 50 end as priority,
       'step' || n % 9 as step, 'flow-' || m % 12 as flow
     from generate_series(1, ${TASKS}) n cross join lateral (select (n + 3) / 4 as m) of_case
     join place on place.at = m::bigint * 7907 % 11900
     join kind k on k.at = (m / 11900 + n % 4 * 6) % ${ROLES}
     left join kind l on n % 10 = 0 and l.at = (m / 11900 + 7) % ${ROLES}`,
  `analyze numbered`,
  `insert into "case" (id, number, flow, release_id, title, subject_name, initials, priority, office, division,
       starter, subject_id, state, received_at, stage)
     select ${uuid('m')}, 'BENCH-' || m, flow, r.id, p.zh || w.zh || t.zh || '有限公司 首次申请',
       p.zh || w.zh || t.zh || '有限公司', p.initials || w.initials || t.initials || 'yxgs', priority, code,
       left(code, 6), ${uuid('m % 100000')}, ${uuid('m % 3000')}, 'running', arrived, '受理'
     from (select distinct on (m) * from numbered order by m, n) x
     join word p on p.kind = 'place' and p.at = m % ${WORDS.place.length}
     join word w on w.kind = 'name' and w.at = m / 16 % ${WORDS.name.length}
     join word t on t.kind = 'trade' and t.at = m / 320 % ${WORDS.trade.length},
     (select id from release where flow = 'cma-initial' limit 1) r`,
  `insert into task (id, case_id, step, name, entered_at, arrived_at, state, visit, due_on, holder, version)
     select 'bench-' || n, ${uuid('m')}, step, '受理', arrived, arrived, 'open', 1, due, holder, 1 from numbered`,
  `insert into task_group (task_id, grp, due_on, entered_at, case_id, flow, step, division, rank, free)
     select 'bench-' || n, grp, coalesce(due, 'infinity'), arrived, ${uuid('m')}, flow, step, left(code, 6),
       100 - priority, holder is null
     from numbered, lateral (
       select r || '@' || code as grp from unnest(array[role, other]) r where r is not null
       union all
       select r || '@' || ancestor || '*' from unnest(array[role, other]) r, office_ancestor where r is not null and office = code
     ) x`,
  `insert into engine.act_ru_task
       (id_, rev_, name_, task_def_key_, priority_, create_time_, suspension_state_, proc_def_id_, proc_inst_id_)
     select 'bench-' || n, 1, '受理', step, priority, arrived, 1, d.definition_id, 'bench-' || n
     from numbered, (select definition_id from release where flow = 'cma-initial' limit 1) d`,
  `insert into engine.act_ru_identitylink (id_, rev_, group_id_, type_, task_id_)
     select 'link-' || n || r, 1, r || '@' || code, 'candidate', 'bench-' || n
     from numbered, unnest(array[role, other]) r where r is not null`,
];
