/** What only a whole product shows: cases that start and end one another, and work that stops for an operator. */
import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CallPage, CaseView, IncidentRow } from '../../../../../contracts/api/index.ts';
import { end, modelOf, samplePackage, user, work } from '../../../flows/testing.ts';
import { openWorld, type World } from '../../../main/world.ts';
import { createClients, type Clients } from '../../../scenarios/client.ts';

const project = (path: string) => fileURLToPath(new URL(`../../../../../${path}`, import.meta.url));
const ROLES = [{ id: 'sample.nobody', zh: '无人担任', en: 'Held by nobody' }];
const start = '<bpmn:startEvent id="start" name="申请" />';
const step = (id: string) => user(id, 'cma.decide', { outcomes: '[{"id":"go","zh":"办","en":"Go"}]' });

interface Model {
  elements: Record<string, string>;
  flows: [string, string, string?, string?][];
}

/** Starts a case of its own, waits, and ends both. */
const ordering: Model = {
  elements: {
    start,
    open: work('open', 'start-case', { flow: 'follow-up', fill: 'application.name=application.name' }),
    wait: step('wait'),
    tell: work('tell', 'tell-case', { flow: 'follow-up', take: 'withdrawn' }),
    done: end('done'),
  },
  flows: [
    ['start', 'open'],
    ['open', 'wait'],
    ['wait', 'tell'],
    ['tell', 'done'],
  ],
};
const followUp: Model = {
  elements: {
    start,
    look: step('look'),
    looked: end('looked'),
    leave: work('leave', 'close-case', { exit: 'withdrawn', reason: 'withdrawn' }),
    withdrawn: end('withdrawn'),
  },
  flows: [
    ['start', 'look'],
    ['look', 'looked'],
    ['leave', 'withdrawn'],
  ],
};
/** Tells somebody who isn't there. */
const telling: Model = {
  elements: {
    start,
    tellHead: work('tellHead', 'notify', { to: 'sample.nobody@province', message: 'come' }),
    done: end('done'),
  },
  flows: [
    ['start', 'tellHead'],
    ['tellHead', 'done'],
  ],
};

/** Goes on with what an outside system answered. */
const pushing: Model = {
  elements: {
    start,
    send: work('send', 'push', {
      system: 'double-random',
      message: 'object',
      content: 'name=application.name; uscc=91520100MA6DTEST0X; category=检验检测机构',
      answer: 'answered',
    }),
    answered: '<bpmn:receiveTask id="answered" name="等待答复" />',
    how: '<bpmn:exclusiveGateway id="how" name="结果" default="how-refused" />',
    listed: end('listed'),
    refused: end('refused'),
  },
  flows: [
    ['start', 'send'],
    ['send', 'answered'],
    ['answered', 'how'],
    ['how', 'listed', '列入', `\${answered_outcome == 'listed'}`],
    ['how', 'refused', '未列入'],
  ],
};

describe('topics over whole cases', function () {
  this.timeout(120_000);
  let world: World;
  let folder: string;
  let as: Clients;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'topics-'));
    const folders = { workflows: join(folder, 'workflows'), templates: join(folder, 'templates') };
    const shared = join(folders.workflows, 'shared');
    await cp(project('workflows/shared'), shared, { recursive: true });
    const roles = JSON.parse(await readFile(join(shared, 'roles.json'), 'utf8'));
    await writeFile(join(shared, 'roles.json'), JSON.stringify([...roles, ...ROLES]));
    await cp(project('templates/numbers.json'), join(folders.templates, 'numbers.json'));
    await writePackage(folders.workflows, 'ordering', ordering);
    await writePackage(folders.workflows, 'follow-up', followUp);
    await writePackage(folders.workflows, 'telling', telling);
    await writePackage(folders.workflows, 'pushing', pushing);
    world = await openWorld({ folders });
    as = createClients(world);
  });
  after(async () => {
    await world?.close();
    await rm(folder, { recursive: true });
  });

  async function writePackage(workflows: string, id: string, { elements, flows }: Model) {
    const { flow, forms } = samplePackage();
    const form = structuredClone(forms.application!);
    form.components = form.components.filter((field) => 'key' in field && field.key === 'name');
    const at = join(workflows, id);
    await mkdir(join(at, 'forms'), { recursive: true });
    const { withdraw: _, ...rest } = flow;
    const files = {
      'flow.json': { ...rest, id, case: { ...flow.case, numberRule: 'case.cma' }, clocks: [], materials: [] },
      'documents.json': {},
      'messages.json': { come: { title: { zh: '请来', en: 'Come' }, body: { zh: '{number}', en: '{number}' } } },
      'forms/application.form.json': form,
    };
    for (const [name, content] of Object.entries(files)) await writeFile(join(at, name), JSON.stringify(content));
    await writeFile(join(at, 'process.bpmn'), modelOf(id, elements, flows));
  }

  async function submit(flow: string): Promise<string> {
    const applicant = await as('申请人');
    const { id } = await applicant.send<{ id: string }>('POST', '/drafts', { flow });
    await applicant.send('POST', `/drafts/${id}/submit`);
    await world.quiet();
    return id;
  }
  const view = async (who: string, id: string) => (await as(who)).get<CaseView>(`/cases/${id}`);

  async function decide(id: string): Promise<void> {
    const [task] = (await view('决定岗', id)).tasks;
    const body = { outcome: 'go', opinion: '同意', version: task!.version };
    await (await as('决定岗')).send('POST', `/tasks/${task!.id}/decision`, body);
    await world.quiet();
  }

  it('a case starts another one, filled from it, and takes its exit later; both name each other [PLT-4.1]', async () => {
    const first = await submit('ordering');
    const [related] = (await view('决定岗', first)).related;
    assert.equal(related?.link, 'started');
    const second = await view('决定岗', related!.id);
    assert.deepEqual(
      [second.flow, second.state, second.tasks.map((task) => task.step)],
      ['follow-up', 'running', ['look']],
    );
    assert.deepEqual(
      second.related.map(({ id, link }) => [id, link]),
      [[first, 'starter']],
    );
    const [before, after] = await Promise.all(
      [first, second.id].map((owner) => world.core.db('form_version').where({ owner }).first('data')),
    );
    assert.ok(before.data.name);
    assert.equal(after.data.name, before.data.name);
    await decide(first);
    assert.equal((await view('决定岗', first)).result, 'done');
    const told = await view('决定岗', second.id);
    assert.deepEqual([told.result, told.tasks], ['withdrawn', []]);
    const lines = await world.core.db('audit').where({ case_id: second.id }).pluck('action');
    assert.ok(lines.includes('case.told'));
  });

  it('a case waits for what an outside system answers, and takes the way that it says [PLT-9.5 CMA-8.2]', async () => {
    const results = [];
    for (const id of [await submit('pushing'), await submit('pushing')])
      results.push((await view('申请人', id)).result);
    assert.deepEqual(results, ['listed', 'refused'], 'the platform lists a code and category once');
    const { rows } = await (await as('运维')).get<CallPage>('/connector-calls');
    assert.deepEqual(
      rows.map(({ state, answer, attempts }) => [state, answer?.outcome, attempts.length]),
      [
        ['answered', 'refused', 1],
        ['answered', 'listed', 1],
      ],
    );
  });

  it('work that fails for good is an incident with its case; after the mend a retry goes on from there [PLT-12.4]', async () => {
    const id = await submit('telling');
    const operator = await as('运维');
    const open = async () =>
      (await operator.get<{ rows: IncidentRow[] }>('/incidents')).rows.filter(
        (row) => row.caseId === id && !row.closedAt,
      );
    const [incident] = await open();
    assert.deepEqual([incident?.kind, incident?.step], ['work', 'tellHead']);
    assert.match(incident!.message, /nobody holds sample\.nobody@province/);
    const stopped = await view('申请人', id);
    assert.deepEqual([stopped.state, stopped.incident?.code], ['running', incident!.code]);

    await operator.send('POST', `/incidents/${incident!.id}/retry`);
    await world.quiet();
    const [again] = await open();
    assert.equal(again?.step, 'tellHead', 'nothing was mended: it stops again');

    const { person_id: head } = await world.core.db('account').where({ login: 'lingdao' }).first('person_id');
    const grant = { personId: head, role: 'sample.nobody', office: '52', reach: 'own', mayTake: false } as const;
    await world.core.db.transaction((trx) => world.app.organisation.grant(trx, grant, { personId: null }));
    await operator.send('POST', `/incidents/${again!.id}/retry`);
    await world.quiet();
    assert.deepEqual(await open(), []);
    assert.equal((await view('申请人', id)).result, 'done');
    const messages = await world.core.db('message').where({ case_id: id, person_id: head });
    assert.equal(messages.length, 1);
  });
});
