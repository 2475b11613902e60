import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createAudit } from '../../audit/index.ts';
import { createCalendar } from '../../calendar/index.ts';
import { openTestCore, type TestCore } from '../../core/testing.ts';
import { createIncidents } from '../../engine/index.ts';
import { inRequest } from '../../files/testing.ts';
import { createIdentity, type Identity } from '../../identity/index.ts';
import { openTestSite, type TestSite } from '../../identity/testing.ts';
import { createOrganisation } from '../../organisation/index.ts';
import { createRegisters } from '../../registers/index.ts';
import { createRights } from '../../rights/index.ts';
import { createGiveBack } from '../../tasks/index.ts';
import { accountTable, DEMO_PEOPLE, seedDemo, type DemoServices } from './people.ts';

const ROLES = new URL('../../../../workflows/shared/roles.json', import.meta.url);

describe('demonstration', function () {
  this.timeout(20_000);
  let core: TestCore;
  let identity: Identity;
  let services: DemoServices;
  let site: TestSite;
  before(async () => {
    core = await openTestCore();
    const audit = createAudit(core);
    const incidents = createIncidents(core);
    const { calendar } = createCalendar(core, { audit, incidents, loaded: () => Promise.resolve() });
    identity = createIdentity(core, { databaseUrl: core.database.runUrl, audit, calendar });
    const roles = JSON.parse(await readFile(ROLES, 'utf8'));
    const organisation = createOrganisation(core, {
      audit,
      accounts: identity.accounts,
      roles,
      rightsEnded: createGiveBack({ audit }),
    });
    const registers = createRegisters(core, { ...createRights(core), uploads: inRequest(core) });
    services = { core, organisation, calendar, registers };
    site = await openTestSite(core, identity, organisation.routes);
  });
  after(async () => {
    await site.close();
    await core.close();
  });

  /** Number of rows of every table. */
  async function counts(): Promise<Record<string, string>> {
    const { rows } = await core.db.raw(
      `select relname, (xpath('/row/c/text()', query_to_xml('select count(*) as c from app.' || quote_ident(relname), false, true, '')))[1]::text as rows
       from pg_class where relnamespace = 'app'::regnamespace and relkind = 'r' and relname not in ('session')`,
    );
    return Object.fromEntries(rows.map((row: { relname: string; rows: string }) => [row.relname, row.rows]));
  }

  it('has one person per role who can sign in, and applicants with an institution and an enterprise [PLT-13.4]', async () => {
    const accounts = await seedDemo(services);
    assert.deepEqual(
      Object.keys(accounts),
      DEMO_PEOPLE.map(({ title }) => title),
    );
    for (const { title, grants, actsFor } of DEMO_PEOPLE) {
      const browser = await site.signedIn(accounts[title]!);
      const { body } = await browser.send('GET', '/me');
      assert.deepEqual(
        (body.grants as { role: string }[]).map(({ role }) => role),
        grants.map(([role]) => role),
        title,
      );
      assert.deepEqual(
        (body.institutions as { register: string }[]).map(({ register }) => register),
        actsFor ? [actsFor] : [],
      );
      assert.equal(typeof body.today['workingDay'], 'boolean');
    }
    assert.deepEqual(
      (await core.db('calendar_year').orderBy('year')).map(({ year, provisional }) => [year, provisional]),
      [
        [2024, false],
        [2025, false],
        [2026, false],
        [2027, true],
      ],
    );
  });

  it('is made once, also by two starts at once [PLT-13.4]', async () => {
    const before = await counts();
    await Promise.all([seedDemo(services), seedDemo(services)]);
    assert.deepEqual(await counts(), before);
  });

  it('shows its accounts in columns [PLT-13.4]', () => {
    const lines = accountTable('Secret-1').split('\n');
    assert.equal(lines.length, DEMO_PEOPLE.length + 1);
    assert.equal(lines[1], '  shouli        Secret-1              韦若岚    受理岗');
  });
});
