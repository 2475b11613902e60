import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createCamunda7 } from '../../../../../engine-adapters/camunda7/index.ts';
import { openBench } from '../../../../../engine-adapters/launcher/bench-client.ts';
import { openTopics, type TopicCase, type TopicWorld } from '../testing.ts';

const TABLE = new URL('../../../../../workflows/cma-initial/tables/number-proposal.dmn', import.meta.url);

describe('evaluate', function () {
  this.timeout(60_000);
  let world: TopicWorld;
  let given: TopicCase;
  let close: () => Promise<void>;
  before(async () => {
    world = await openTopics();
    const engine = await (await openBench()).openEngine(world.core.database);
    world.core.engine = createCamunda7({ url: engine.url, token: engine.token });
    close = async () => {
      await world.core.engine.close();
      await engine.close();
      await world.close();
    };
    given = await world.startCase();
    const dmn = (await readFile(TABLE, 'utf8')).replace('<decision ', '<decision camunda:historyTimeToLive="P180D" ');
    const bytes = Buffer.from(
      dmn.replace('<definitions ', '<definitions xmlns:camunda="http://camunda.org/schema/1.0/dmn" '),
    );
    const files = [{ name: 'tables/number-proposal.dmn', bytes }];
    given.release.deploymentId = (await world.core.engine.deploy({ name: 'tables', files })).deploymentId;
  });
  after(() => close());

  const properties = {
    table: 'number-proposal',
    form: 'certificate-proposal',
    inputs: 'food=application.capabilities.scope:food; fieldCategory=application.fieldCategory',
  };
  const rule = (outcome: (scope: unknown) => string) =>
    (world.rows['technical-review.capabilityRulings'] = world.rows['application.capabilities'].map(
      ({ rowId, position, data }) => ({ rowId, position, data: { outcome: outcome(data.scope) } }),
    ));

  it('proposes what the table of the release says; any food capability makes it food [CMA-4.4]', async () => {
    rule(() => 'approved');
    await given.work('evaluate', properties);
    assert.deepEqual(world.proposed.at(-1), { numberField: '00', numberSector: '14' });
    const [line] = await world.core.db('audit').where({ case_id: given.caseId });
    assert.deepEqual(line.detail.given, { food: true, fieldCategory: 'foodAgri' });
  });

  it('counts approved rows only [CMA-4.4]', async () => {
    rule((scope) => (scope === 'food' ? 'notApproved' : 'approved'));
    await given.work('evaluate', properties);
    assert.deepEqual(world.proposed.at(-1), { numberField: '04', numberSector: '09' });
  });

  it('stops for an operator where the table is not there or the inputs cannot be read', async () => {
    await assert.rejects(given.work('evaluate', { ...properties, table: 'no-such' }), /no decision table/);
    await assert.rejects(given.work('evaluate', { ...properties, inputs: 'food=x' }), { name: 'PermanentError' });
  });
});
