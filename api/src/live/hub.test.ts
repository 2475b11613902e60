import assert from 'node:assert/strict';
import { mock } from 'node:test';
import type { LiveKind } from '../../../contracts/live.ts';
import { createHub, PAUSE_MS, type Hub } from './hub.ts';

describe('what open pages hear', () => {
  let hub: Hub;
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    mock.method(performance, 'now', () => now);
    now = 0;
    hub = createHub();
  });
  afterEach(() => mock.reset());
  let now = 0;
  const pass = (ms: number) => {
    for (const until = now + ms; now < until; now += 10) mock.timers.tick(10);
  };

  function page(...addresses: string[]) {
    const heard: LiveKind[][] = [];
    let ended = 0;
    const remove = hub.add({ addresses, send: (kinds) => void heard.push(kinds), end: () => (ended += 1) });
    return { heard, remove, ended: () => ended };
  }

  it('reaches those whom it concerns, several kinds at once [PLT-1.1]', () => {
    const clerk = page('cma.acceptance@520102', 'person:a');
    const leader = page('cma.acceptance@52*', 'person:b');
    hub.told('inbox cma.acceptance@520102');
    hub.told('inbox cma.acceptance@520102*');
    hub.told('messages person:a');
    hub.told('nonsense person:a');
    pass(100);
    assert.deepEqual([clerk.heard, leader.heard], [[['inbox', 'messages']], []]);
  });

  it('is said once in half a second when a thousand cases start at once [PLT-1.1]', () => {
    const clerk = page('cma.acceptance@520102');
    for (let i = 0; i < 1000; i += 1) {
      hub.told('inbox cma.acceptance@520102');
      pass(10);
    }
    const expected = 10_000 / PAUSE_MS;
    assert.ok(clerk.heard.length <= expected + 1, `${clerk.heard.length} events in 10 s`);
    const before = clerk.heard.length;
    hub.told('inbox cma.acceptance@520102');
    pass(PAUSE_MS);
    assert.equal(clerk.heard.length, before + 1, 'the last one is heard too');
  });

  it('ends with the rights, and a page that has gone is told nothing', () => {
    const one = page('person:a', 'session:x');
    const other = page('person:a', 'session:y');
    hub.told('rights session:x');
    assert.deepEqual([one.ended(), other.ended()], [1, 0]);
    hub.told('inbox person:a');
    one.remove();
    pass(100);
    assert.deepEqual([one.heard, other.heard], [[], [['inbox']]]);
  });
});
