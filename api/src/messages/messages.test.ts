import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Browser } from '../identity/testing.ts';
import { openTestOrganisation, type TestOrganisation } from '../organisation/testing.ts';
import type { Outside } from '../core/index.ts';
import { createMessages, type Message, type Messages } from './index.ts';

describe('messages', function () {
  this.timeout(10_000);
  let world: TestOrganisation;
  let messages: Messages;
  let mine: string;
  let institution: string;
  let me: Browser;
  let other: Browser;
  before(async () => {
    world = await openTestOrganisation(({ core }) => {
      messages = createMessages(core);
      return messages.routes;
    });
    mine = await world.person('mine', { office: null });
    await world.person('other', { office: null });
    [{ id: institution }] = await world.core
      .db('institution')
      .insert({ name: '某机构', uscc: randomUUID(), updated_at: new Date() })
      .returning('id');
    await world.core.db.transaction((trx) =>
      world.organisation.represent(
        trx,
        { personId: mine, register: 'institution', entry: institution },
        { personId: null },
      ),
    );
    [me, other] = [await world.signIn('mine'), await world.signIn('other')];
  });
  after(() => world.close());

  const send = (to: Message['to'], title: string) =>
    world.core.db.transaction((trx) => messages.send(trx, { to, kind: 'test', title, body: title }));
  const titles = (body: Record<string, never>) => (body.rows as { title: string }[]).map(({ title }) => title);

  it('come to a person and to all who act for an institution, to nobody else, newest first [PLT-9.1]', async () => {
    for (let i = 1; i <= 5; i += 1)
      await send(i % 2 ? { personId: mine } : { institutionId: institution }, `第 ${i} 件`);
    const first = (await me.send('GET', '/messages?limit=3')).body;
    assert.deepEqual(titles(first), ['第 5 件', '第 4 件', '第 3 件']);
    assert.equal(first.unread, 5);
    const second = (await me.send('GET', `/messages?limit=3&after=${first.next}`)).body;
    assert.deepEqual([titles(second), second.next], [['第 2 件', '第 1 件'], null]);
    assert.deepEqual((await other.send('GET', '/messages')).body, { rows: [], next: null, unread: 0 });
  });

  it('are marked as read by their reader only, once [PLT-9.1, PLT-7.3]', async () => {
    const [{ id }] = (await me.send('GET', '/messages')).body.rows as { id: string }[] as [{ id: string }];
    assert.equal((await other.send('POST', `/messages/${id}/read`)).status, 404);
    assert.equal((await me.send('POST', `/messages/${id}/read`)).status, 200);
    const { read_at } = await world.core.db('message').where({ id }).first();
    assert.equal((await me.send('POST', `/messages/${id}/read`)).status, 200);
    assert.deepEqual((await world.core.db('message').where({ id }).first()).read_at, read_at);
    assert.equal((await me.send('GET', '/messages')).body.unread, 4);
  });

  it('are found by words and by whether they were read, and all read at once [PLT-2.6]', async () => {
    assert.deepEqual(titles((await me.send('GET', '/messages?q=第 4')).body), ['第 4 件']);
    assert.deepEqual(titles((await me.send('GET', '/messages?state=read')).body), ['第 5 件']);
    const { rows } = (await me.send('GET', '/messages?state=unread&limit=1')).body as unknown as {
      rows: { title: string; at: string }[];
    };
    assert.deepEqual(
      rows.map(({ title }) => title),
      ['第 4 件'],
    );
    const none = await other.send('POST', '/messages/read', { until: rows[0]!.at });
    assert.deepEqual(none.body, { read: 0 });
    assert.deepEqual((await me.send('POST', '/messages/read', { until: rows[0]!.at })).body, { read: 4 });
    await send({ personId: mine }, '第 6 件');
    const { body } = await me.send('GET', '/messages?state=unread');
    assert.deepEqual([titles(body), body.unread], [['第 6 件'], 1]);
  });

  describe('by mail and text message', () => {
    const sent: Parameters<Outside['send']>[0][] = [];
    let down = false;
    let leaving: Messages;
    before(async () => {
      const { core } = world;
      const outside: Outside = {
        ...core.outside,
        async send(message) {
          if (down) throw new Error('no answer');
          sent.push(message);
        },
      };
      leaving = createMessages({ ...core, outside });
      await core
        .db('person')
        .where({ id: mine })
        .update({ mobile: '13800007001', email: 'mine@example.com', kind: 'applicant' });
    });
    const set = (channel: 'sms' | 'mail', offices: number[]) =>
      world.core
        .db('setting')
        .insert({ key: `messages.${channel}`, value: JSON.stringify(offices), changed_at: new Date() })
        .onConflict('key')
        .merge();
    const tell = async (title: string) => {
      await world.core.db.transaction((trx) =>
        leaving.send(trx, { to: { institutionId: institution }, kind: 'test', title, body: '内容', link: '/cases/1' }),
      );
      await leaving.tick();
      return sent.splice(0);
    };

    it('leave on the channels of the office and of those above it [PLT-2.6]', async () => {
      assert.deepEqual(await tell('没有设置'), []);
      const root = Number(world.core.settings.rootOffice);
      await set('mail', [root * 100 + 99]);
      assert.deepEqual(await tell('别处的设置'), []);
      await set('sms', [root]);
      await set('mail', [root]);
      const [sms, mail] = (await tell('受理通知')).sort((a, b) => (a.channel < b.channel ? 1 : -1));
      assert.deepEqual([sms!.channel, sms!.to], ['sms', '13800007001']);
      assert.match(sms!.text, /^【.+】受理通知：内容$/);
      assert.deepEqual([mail!.channel, mail!.to, mail!.subject], ['mail', 'mine@example.com', '受理通知']);
      assert.match(mail!.text, /^内容\n.*\/cases\/1$/);
    });

    it('wait for a gateway that does not answer, and leave once [PLT-2.6]', async () => {
      await set('mail', []);
      down = true;
      assert.deepEqual(await tell('等待'), []);
      const waiting = await world.core.db('outgoing').where({ state: 'queued' }).first();
      assert.deepEqual([waiting.tries, waiting.last_error], [1, 'no answer']);
      down = false;
      await leaving.tick();
      assert.deepEqual(sent, []);
      await world.core.db('outgoing').update({ next_at: new Date(0) });
      await leaving.tick();
      await leaving.tick();
      assert.deepEqual(
        sent.splice(0).map(({ subject }) => subject),
        ['等待'],
      );
    });
  });

  it('refuse a page key that is none [PLT-12.6]', async () => {
    assert.equal((await me.send('GET', '/messages?after=x')).status, 400);
    assert.equal((await me.send('POST', '/messages/x/read')).status, 400);
  });
});
