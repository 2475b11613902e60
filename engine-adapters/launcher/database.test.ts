import assert from 'node:assert/strict';
import pg from 'pg';
import { openBench, type Bench, type BenchDatabase } from './bench-client.ts';
import { dropHalfDemonstration, noteDemonstration, prepareDatabase } from './database.ts';

describe('the database and its three roles', function () {
  this.timeout(60_000);
  let bench: Bench;
  let database: BenchDatabase;
  let adminUrl: string;
  before(async () => {
    bench = await openBench();
    adminUrl = bench.adminUrl;
    database = await bench.createDatabase();
  });
  after(() => database.drop());

  async function as<Row extends pg.QueryResultRow>(url: string, ...queries: string[]): Promise<Row[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      let rows: Row[] = [];
      for (const query of queries) rows = (await client.query<Row>(query)).rows;
      return rows;
    } finally {
      await client.end();
    }
  }

  it('keeps the engine out of app, and app from writing into engine', async () => {
    await as(database.appUrl, 'create table secret (id int)');
    await assert.rejects(as(database.engineUrl, 'select * from app.secret'), /permission denied for schema app/);
    await assert.rejects(as(database.appUrl, 'delete from engine.act_ru_task'), /permission denied/);
    await assert.rejects(as(database.runUrl, 'delete from engine.act_ru_task'), /permission denied/);
  });

  it('lets app put triggers on the engine’s tables, and read them', async () => {
    await as(
      database.appUrl,
      `create function nothing() returns trigger language plpgsql as 'begin return null; end'`,
      'create trigger t after insert on engine.act_ru_task for each row execute function nothing()',
      'select * from engine.act_ru_task',
    );
  });

  it('lets the running product work in app and change nothing of its structure', async () => {
    await as(database.appUrl, 'create table note (id bigserial, text text)');
    const rows = await as(
      database.runUrl,
      `insert into note (text) values ('a')`,
      'update note set text = text',
      'select text from note',
    );
    assert.deepEqual(rows, [{ text: 'a' }]);
    await assert.rejects(as(database.runUrl, 'create table other (id int)'), /permission denied/);
    await assert.rejects(as(database.runUrl, 'truncate note'), /permission denied/);
  });

  it('refuses a second start of one case', async () => {
    const start = (id: string) =>
      `insert into engine.act_hi_procinst (id_, proc_inst_id_, business_key_, proc_def_id_, start_time_) values ('${id}', '${id}', 'K1', 'p', now())`;
    await as(database.engineUrl, start('1'));
    await assert.rejects(as(database.engineUrl, start('2')), /app_uq_case/);
  });

  it('can be prepared again without a change', async () => {
    const again = await prepareDatabase({ adminUrl, name: database.name });
    assert.deepEqual(again, { engineUrl: database.engineUrl, appUrl: database.appUrl, runUrl: database.runUrl });
  });

  it('begins anew when the demonstration was broken off in it, and stays once it is made', async () => {
    const { name, drop } = await bench.createDatabase();
    const itself = new URL(adminUrl);
    itself.pathname = name;
    const of = { adminUrl: itself.href, name };
    const begun = new Date();
    try {
      await noteDemonstration({ ...of, made: false });
      await noteDemonstration({ ...of, made: true });
      assert.equal(await dropHalfDemonstration(of), undefined);
      await noteDemonstration({ ...of, made: false });
      assert.ok((await dropHalfDemonstration(of))! >= begun);
      assert.deepEqual(await as(of.adminUrl, `select from pg_namespace where nspname = 'app'`), []);
      assert.equal(await dropHalfDemonstration(of), undefined);
    } finally {
      await drop();
    }
  });

  it('says what is wrong when the server refuses', async () => {
    const refused = prepareDatabase({ adminUrl: 'postgres://a:b@127.0.0.1:1/x', name: 'x' });
    await assert.rejects(refused, { code: 'database-refused' });
    await assert.rejects(prepareDatabase({ adminUrl: 'postgres://a@127.0.0.1:1/x', name: 'x' }), {
      code: 'database-password',
    });
  });
});
