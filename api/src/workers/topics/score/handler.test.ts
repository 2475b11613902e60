import assert from 'node:assert/strict';
import { createCamunda7 } from '../../../../../engine-adapters/camunda7/index.ts';
import { openBench } from '../../../../../engine-adapters/launcher/bench-client.ts';
import { openTopics, type TopicCase, type TopicWorld } from '../testing.ts';

const rule = (test: string, grade: string) =>
  `<rule id="${grade}"><inputEntry id="${grade}-in"><text>${test}</text></inputEntry><outputEntry id="${grade}-out"><text>"${grade}"</text></outputEntry></rule>`;
const GRADES = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:camunda="http://camunda.org/schema/1.0/dmn"
  id="grades-definitions" name="grades" namespace="https://zhunyu.example/tables">
<decision id="grades" name="grades" camunda:historyTimeToLive="P180D"><decisionTable id="grades-table" hitPolicy="UNIQUE">
<input id="in"><inputExpression id="in-expression" typeRef="number"><text>score</text></inputExpression></input>
<output id="out" name="grade" typeRef="string" />
${rule('&gt;= 90', 'A')}${rule('[75..90)', 'B')}
</decisionTable></decision></definitions>`;

describe('score', function () {
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
    const files = [{ name: 'tables/grades.dmn', bytes: Buffer.from(GRADES) }];
    given.release.deploymentId = (await world.core.engine.deploy({ name: 'grades', files })).deploymentId;
    given.release.package.tables.grades = 'grades';
    world.data.rating = { management: 90, technical: 85.5 };
    world.rows['rating.items'] = [5, 2.25, null].map((points, i) => ({
      rowId: `item-${i}`,
      position: i + 1,
      data: { points },
    }));
  });
  after(() => close());
  const score = (points: string, more = {}) => given.work('score', { form: 'rating', points, ...more });

  it('adds weighted fields and columns, and says so in the time line [PLT-4.1]', async () => {
    assert.deepEqual(await score('management*0.4, technical*0.6'), { score_score: 87.3 });
    assert.deepEqual(await score('management, items.points*2'), { score_score: 104.5 });
    const lines = await world.core.db('audit').where({ case_id: given.caseId, action: 'score.made' });
    assert.deepEqual(
      lines.map(({ detail }) => detail.score),
      [87.3, 104.5],
    );
  });

  it('takes the grade from a decision table; no grade is for an operator [PLT-4.1]', async () => {
    assert.deepEqual(await score('management', { table: 'grades' }), { score_score: 90, score_grade: 'A' });
    assert.deepEqual(await score('technical', { table: 'grades' }), { score_score: 85.5, score_grade: 'B' });
    await assert.rejects(score('technical*0.1', { table: 'grades' }), { name: 'PermanentError' });
  });

  it('stops for an operator where points are missing [PLT-4.1]', async () => {
    await assert.rejects(score('management, nothing'), { name: 'PermanentError', message: /nothing has no number/ });
    await assert.rejects(score('management+1'), { name: 'PermanentError' });
  });
});
