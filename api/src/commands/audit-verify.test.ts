import assert from 'node:assert/strict';
import { createAudit } from '../audit/index.ts';
import { openDatabase } from '../core/index.ts';
import { openTestCore, type TestCore } from '../core/testing.ts';
import { verifyAudit } from './audit-verify.ts';

describe('npm run audit:verify', function () {
  this.timeout(10_000);
  let core: TestCore;
  before(async () => {
    core = await openTestCore();
  });
  after(() => core.close());

  it('says that the audit is whole, and where it is not [PLT-8.2]', async () => {
    const audit = createAudit(core);
    for (let i = 0; i < 3; i += 1)
      await core.db.transaction((trx) => audit.write(trx, { action: 'session.start', detail: { i } }));
    await audit.anchor();
    const { whole, text } = await verifyAudit(core.database.runUrl);
    assert.ok(whole);
    assert.match(text, /^审计链完整.*3 行.*1 个锚点/);

    const owner = openDatabase(core.database.appUrl);
    await owner('audit').where({ sequence: 2 }).delete();
    await owner.destroy();
    const damaged = await verifyAudit(core.database.runUrl);
    assert.equal(damaged.whole, false);
    assert.match(damaged.text, /day:\d{4}-\d\d-\d\d #2 {2}第 2 行被删除/);
  });
});
