import assert from 'node:assert/strict';
import type { Offer } from '../api/index.ts';
import { asksMore, outcomeOf, refusals } from './offers.ts';

const offer = (over: Partial<Offer>): Offer => ({
  action: 'decide:accept',
  title: { zh: '受理', en: 'Accept' },
  enabled: true,
  needs: [],
  ...over,
});

describe('offers of a task', () => {
  it('tells outcomes from other actions, and which ask for more', () => {
    assert.equal(outcomeOf(offer({})), 'accept');
    assert.equal(outcomeOf(offer({ action: 'claim' })), null);
    assert.equal(asksMore(offer({})), false);
    assert.equal(asksMore(offer({ needs: ['opinion'] })), false);
    assert.equal(asksMore(offer({ needs: ['pins'] })), true);
  });

  it('says a reason that several share once [PLT-1.8]', () => {
    const taken = { zh: '田沐辰已签收', en: 'Taken by Tian Muchen' };
    const once = { zh: '2026-09-16 已办过「补正」，只能一次', en: 'only once' };
    const list = refusals([
      offer({ enabled: false, reason: taken }),
      offer({ action: 'decide:supplement', enabled: false, reason: once }),
      offer({ action: 'decide:refuse', enabled: false, reason: taken }),
      offer({ action: 'claim' }),
    ]);
    assert.deepEqual(
      list.map((entry) => [entry.reason.zh, entry.offers.length]),
      [
        [taken.zh, 2],
        [once.zh, 1],
      ],
    );
  });
});
