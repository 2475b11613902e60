import assert from 'node:assert/strict';
import { offline, ProblemError } from '../api/problem.ts';
import { createSaver, keptFor, type Data, type Saved } from './saver.ts';

/** A server of one form that counts its saves, and the memory of a device. */
function setting() {
  const memory = new Map<string, string>();
  const storage = {
    getItem: (key: string) => memory.get(key) ?? null,
    setItem: (key: string, value: string) => void memory.set(key, value),
    removeItem: (key: string) => void memory.delete(key),
  };
  const sent: { set: Data; edits: number }[] = [];
  const taken: Data = {};
  const answers: (() => Saved)[] = [];
  const make = (edits = 0) =>
    createSaver({
      edits,
      savedAt: null,
      data: {},
      storage,
      storedAs: 'form',
      events: new EventTarget(),
      async send(set, edits) {
        sent.push({ set, edits });
        const answer = answers.shift();
        return answer ? answer() : { edits: edits + 1, savedAt: '2026-11-21T02:32:00Z', computed: {}, sources: {} };
      },
      saved: () => undefined,
      stale: () => undefined,
      take: (key, value) => (taken[key] = value),
    });
  const refuse = (error: ProblemError) =>
    answers.push(() => {
      throw error;
    });
  return { make, sent, taken, storage, refuse, kept: () => keptFor(storage, 'form') };
}

describe('autosave of a form', () => {
  it('sends what changed together, one request after the other', async () => {
    const { make, sent, kept } = setting();
    const saver = make(3);
    saver.change('name', 'A');
    saver.change('staffTotal', 34);
    const first = saver.flush();
    saver.change('name', 'AB');
    await first;
    await saver.flush();
    assert.deepEqual(sent, [
      { set: { name: 'A', staffTotal: 34 }, edits: 3 },
      { set: { name: 'AB' }, edits: 4 },
    ]);
    assert.equal(saver.status.value, 'saved');
    assert.equal(kept(), null);
  });

  it('keeps on the device what the server has not got, and sends it when it is opened again', async () => {
    const { make, sent, refuse, kept } = setting();
    const saver = make(3);
    refuse(offline());
    saver.change('name', 'A');
    await saver.flush();
    assert.equal(saver.status.value, 'offline');
    assert.deepEqual(kept(), { edits: 3, set: { name: 'A' }, base: { name: null } });
    const later = make(3);
    await later.flush();
    assert.deepEqual(sent.at(-1), { set: { name: 'A' }, edits: 3 });
    assert.equal(kept(), null);
    await saver.flush();
  });

  it('lets the person choose where somebody else changed the same field', async () => {
    const { make, sent, taken, refuse } = setting();
    const stale = () =>
      refuse(
        new ProblemError(409, { code: 'stale', facts: { edits: 9, theirs: { name: 'B' }, yours: { name: 'A' } } }),
      );
    const saver = make(3);
    stale();
    saver.change('name', 'A');
    await saver.flush();
    assert.deepEqual(saver.conflicts.name, { theirs: 'B', mine: 'A' });
    saver.choose('name', 'mine');
    await saver.flush();
    assert.deepEqual(sent.at(-1), { set: { name: 'A' }, edits: 9 });
    stale();
    saver.change('name', 'C');
    await saver.flush();
    saver.choose('name', 'theirs');
    assert.equal(taken.name, 'B');
    assert.equal(saver.status.value, 'saved');
  });

  it('asks nothing where somebody else changed other fields only', async () => {
    const { make, sent, refuse } = setting();
    const saver = make(3);
    refuse(new ProblemError(409, { code: 'stale', facts: { edits: 9, theirs: { name: null }, yours: { name: 'A' } } }));
    saver.change('name', 'A');
    await saver.flush();
    assert.deepEqual(sent.at(-1), { set: { name: 'A' }, edits: 9 });
    assert.equal(saver.status.value, 'saved');
  });

  it('sends the rest when one field is refused, and says why at that field', async () => {
    const { make, sent, refuse, kept } = setting();
    const saver = make();
    refuse(new ProblemError(400, { code: 'invalid-input', fields: [{ path: 'name', zh: '太长', en: 'too long' }] }));
    saver.change('name', 'x'.repeat(500));
    saver.change('staffTotal', 34);
    await saver.flush();
    assert.deepEqual(sent.at(-1)?.set, { staffTotal: 34 });
    assert.equal(saver.refused.name?.zh, '太长');
    assert.equal(saver.status.value, 'refused');
    assert.deepEqual(Object.keys(kept()?.set ?? {}), ['name']);
    saver.change('name', 'x');
    await saver.flush();
    assert.equal(saver.status.value, 'saved');
  });
});
