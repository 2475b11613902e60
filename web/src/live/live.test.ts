import assert from 'node:assert/strict';
import { mock } from 'node:test';
import type { LiveEvent, LiveKind } from '../../../contracts/live.ts';
import { createLive, POLL_MS, type Source } from './live.ts';

describe('the stream of a tab', () => {
  const opened: { path: string; closed: boolean; say(event: LiveEvent | 'error', data?: string): void }[] = [];
  const asked: (readonly LiveKind[])[] = [];
  let answer: Promise<void>;
  const last = () => opened.at(-1)!;

  function open(path: string): Source {
    const heard = new Map<string, (event: { data?: string }) => void>();
    const one = {
      path,
      closed: false,
      say: (event: string, data?: string) => heard.get(event)?.(data === undefined ? {} : { data }),
    };
    opened.push(one);
    return { addEventListener: (event, act) => void heard.set(event, act), close: () => void (one.closed = true) };
  }
  function refresh(kinds: readonly LiveKind[]) {
    asked.push(kinds);
    return answer;
  }
  const begin = () => createLive({ open, refresh });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  /** Passes by seconds, so that a timer set by a timer counts too. */
  const pass = (ms: number) => {
    for (let i = 0; i < ms; i += 1000) mock.timers.tick(1000);
  };

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
    opened.length = asked.length = 0;
    answer = Promise.resolve();
  });
  afterEach(() => mock.reset());

  it('asks for everything once it hears, then for what has changed [PLT-1.1]', async () => {
    const live = begin();
    live.start();
    live.start();
    assert.deepEqual([opened.length, last().path, live.state.value], [1, '/live', 'off']);
    last().say('ready');
    assert.equal(live.state.value, 'on');
    assert.ok(asked[0]!.includes('inbox') && asked[0]!.includes('case'));
    await settled();
    last().say('changed', 'inbox messages');
    assert.deepEqual(asked[1], ['inbox', 'messages']);
  });

  it('waits for the answers before it asks again [PLT-1.1]', async () => {
    begin().start();
    let arrive = () => {};
    answer = new Promise((resolve) => (arrive = resolve));
    last().say('changed', 'inbox');
    for (let i = 0; i < 5; i += 1) last().say('changed', 'inbox');
    assert.equal(asked.length, 1);
    arrive();
    await settled();
    assert.deepEqual(asked, [['inbox'], ['inbox']]);
  });

  it('asks by itself while it is cut, and comes back after growing pauses [PLT-12.2]', async () => {
    const live = begin();
    live.start();
    last().say('ready');
    last().say('error');
    assert.deepEqual([live.state.value, last().closed], ['cut', true]);
    const before = opened.length;
    for (let i = 0; i < 10; i += 1) {
      await settled();
      pass(POLL_MS / 2);
      last().say('error');
    }
    assert.ok(opened.length - before >= 5 && opened.length - before <= 10, `${opened.length - before} tries`);
    await settled();
    assert.ok(asked.length >= 5, `${asked.length} times asked in 150 s`);
    pass(60_000);
    last().say('ready');
    await settled();
    const heard = asked.length;
    pass(2 * POLL_MS);
    assert.deepEqual([live.state.value, asked.length], ['on', heard]);
  });

  it('learns of a sign-out from the answers, and hears of the case on the screen [PLT-1.8]', async () => {
    const live = begin();
    live.watch('c1');
    live.start();
    assert.equal(last().path, '/live?case=c1');
    live.watch('c2', true);
    assert.deepEqual([opened[0]!.closed, last().path], [true, '/live?case=c2&preview=true']);
    opened[0]!.say('changed', 'case');
    assert.equal(asked.length, 0, 'the old stream counts no more');
    last().say('ended');
    assert.ok(asked[0]!.includes('messages'));
    live.stop();
    pass(2 * POLL_MS);
    assert.deepEqual([opened.length, live.state.value], [2, 'off']);
  });
});
