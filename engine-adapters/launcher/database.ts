import { createHmac } from 'node:crypto';
import pg from 'pg';
import { Problem } from './problem.ts';

/** One database as its three roles see it: `engine` owns schema engine, `app` owns schema app, `app_run` works in it. */
export interface Database {
  engineUrl: string;
  appUrl: string;
  runUrl: string;
}

type Role = 'engine' | 'app' | 'app_run';
const ROLES: Role[] = ['engine', 'app', 'app_run'];
/** Any number that is ours: several starts on one server wait for one another. */
const LOCK = 7_240_001;
/** The engine's tables that triggers of ours stand on. */
const WATCHED = [
  'act_ru_task',
  'act_ru_identitylink',
  'act_hi_taskinst',
  'act_hi_actinst',
  'act_hi_procinst',
  'act_ru_job',
  'act_ru_ext_task',
  'act_ru_execution',
];

/**
 * Makes what is missing of the roles, the database, its two schemas, the engine's tables and the rights. With
 * `template`, the name of a database made here earlier and connected to by nobody, everything is copied from that.
 *
 * @param adminUrl URL of a role that may make databases and roles; the other roles' passwords are derived from its own
 * @param schema   SQL that makes the engine's tables, see `engineSchema`; not needed where they are
 */
export async function prepareDatabase(o: {
  adminUrl: string;
  name: string;
  schema?: string;
  template?: string;
}): Promise<Database> {
  const database = urls(o.adminUrl, o.name);
  await connected(o.adminUrl, async (admin) => {
    await locked(admin, async () => {
      for (const role of ROLES) await makeRole(admin, role, passwordOf(database[URL_OF[role]]));
      await makePublicRole(admin);
      await admin.query('alter role app set search_path = app');
      await admin.query('alter role app_run set search_path = app');
      const { rowCount } = await admin.query('select from pg_database where datname = $1', [o.name]);
      if (!rowCount) await makeDatabase(admin, o.name, o.template ?? 'template0');
    });
  });
  if (o.template) return database;
  await connected(at(o.adminUrl, o.name), (admin) => locked(admin, () => makeSchemas(admin, o.name)));
  await connected(database.engineUrl, (engine) => locked(engine, () => makeEngineTables(engine, o.schema)));
  await connected(database.appUrl, (app) => locked(app, () => grantFutureTables(app)));
  return database;
}

/** Drops the database, whoever is connected to it. */
export async function dropDatabase({ adminUrl, name }: { adminUrl: string; name: string }): Promise<void> {
  await connected(adminUrl, (admin) => admin.query(`drop database if exists ${quote(name)} with (force)`));
}

/** What is written on a database while the demonstration is made in it, before the moment at which that began. */
const MAKING = 'the demonstration is being made since ';

/**
 * Puts an empty database in place of one in which the demonstration was broken off: nobody has worked in it. Answers
 * when that had been begun, undefined where there is nothing of the kind.
 */
export async function dropHalfDemonstration(o: { adminUrl: string; name: string }): Promise<Date | undefined> {
  const note = await connected(o.adminUrl, async (admin) => {
    const { rows } = await admin.query(
      `select shobj_description(oid, 'pg_database') as note from pg_database where datname = $1`,
      [o.name],
    );
    return (rows[0]?.note as string | null | undefined) ?? '';
  });
  if (!note.startsWith(MAKING)) return undefined;
  // The administrator's URL usually names this database, and nobody can drop the one that he is in.
  const adminUrl = at(o.adminUrl, 'template1');
  await dropDatabase({ adminUrl, name: o.name });
  await connected(adminUrl, (admin) => makeDatabase(admin, o.name, 'template0'));
  return new Date(note.slice(MAKING.length));
}

/** Whether nobody has ever worked in the database. */
export const isUnused = (appUrl: string): Promise<boolean> =>
  connected(
    appUrl,
    async (app) => (await app.query('select not exists (select from person) as unused')).rows[0].unused,
  );

/** Until `made`, the next start would begin with the database anew. */
export async function noteDemonstration(o: { adminUrl: string; name: string; made: boolean }): Promise<void> {
  const note = o.made ? 'null' : pg.escapeLiteral(MAKING + new Date().toISOString());
  await connected(o.adminUrl, (admin) => admin.query(`comment on database ${quote(o.name)} is ${note}`));
}

const URL_OF = { engine: 'engineUrl', app: 'appUrl', app_run: 'runUrl' } as const;

function urls(adminUrl: string, name: string): Database {
  const secret = passwordOf(adminUrl);
  if (!secret)
    throw new Problem(
      'database-password',
      'DATABASE_URL 中必须有密码（其他角色的密码由它派生）',
      'DATABASE_URL must hold a password (the other roles’ passwords are derived from it)',
    );
  const as = (role: Role) => {
    const url = new URL(at(adminUrl, name));
    url.username = role;
    url.password = createHmac('sha256', secret).update(role).digest('base64url');
    return url.href;
  };
  return { engineUrl: as('engine'), appUrl: as('app'), runUrl: as('app_run') };
}

function at(adminUrl: string, name: string): string {
  const url = new URL(adminUrl);
  url.pathname = encodeURIComponent(name);
  return url.href;
}

const passwordOf = (url: string) => decodeURIComponent(new URL(url).password);

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
  } catch (error) {
    const { host, username } = new URL(url);
    const { message, code } = error as NodeJS.ErrnoException;
    const reason = message || code; // several addresses refused at once leave no message
    throw new Problem(
      'database-refused',
      `数据库拒绝连接（${username}@${host}）：${reason}`,
      `The database refused the connection (${username}@${host}): ${reason}`,
      error,
    );
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function locked(client: pg.Client, work: () => Promise<void>): Promise<void> {
  await client.query('select pg_advisory_lock($1)', [LOCK]);
  await work();
}

async function makeDatabase(admin: pg.Client, name: string, template: string): Promise<void> {
  await admin.query(`create database ${quote(name)} encoding 'UTF8' template ${quote(template)}`);
}

async function makeRole(admin: pg.Client, role: Role, password: string): Promise<void> {
  const { rowCount } = await admin.query('select from pg_roles where rolname = $1', [role]);
  await admin.query(`${rowCount ? 'alter' : 'create'} role ${role} login password ${pg.escapeLiteral(password)}`);
  await admin.query(`grant ${role} to current_user`);
}

/** What `app_run` becomes while it answers to people who haven't signed in; a migration says what it may read. */
async function makePublicRole(admin: pg.Client): Promise<void> {
  const { rowCount } = await admin.query(`select from pg_roles where rolname = 'app_public'`);
  if (!rowCount) await admin.query('create role app_public nologin');
  await admin.query('grant app_public to app_run');
}

async function makeSchemas(admin: pg.Client, name: string): Promise<void> {
  await admin.query(`
    create schema if not exists engine authorization engine;
    create schema if not exists app authorization app;
    grant usage on schema engine to app, app_run;
    grant usage on schema app to app_run;
    grant create on database ${quote(name)} to app;
  `);
}

/** The engine's own tables, the level of history it expects, and the index that makes a case start once (ENGINE.md 3). */
async function makeEngineTables(engine: pg.Client, schema: string | undefined): Promise<void> {
  const { rows } = await engine.query(`select to_regclass('engine.act_ge_property') is null as missing`);
  if (!rows[0].missing) return;
  if (!schema)
    throw new Problem(
      'no-engine-schema',
      '数据库中没有流程引擎的表：请先不带 ENGINE_URL 启动一次',
      'The database lacks the engine’s tables: start once without ENGINE_URL',
    );
  await engine.query(`
    begin;
    set local search_path = engine;
    ${schema}
    insert into act_ge_property values ('historyLevel', '1', 1);
    create unique index app_uq_case on act_hi_procinst (business_key_) where super_process_instance_id_ is null;
    grant select on all tables in schema engine to app, app_run;
    grant trigger on ${WATCHED.join(', ')} to app;
    commit;
  `);
}

async function grantFutureTables(app: pg.Client): Promise<void> {
  await app.query(`
    alter default privileges grant usage on schemas to app_run;
    alter default privileges grant select, insert, update, delete on tables to app_run;
    alter default privileges grant usage, select on sequences to app_run;
  `);
}

const quote = (name: string) => pg.escapeIdentifier(name);
