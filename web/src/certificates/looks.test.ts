import assert from 'node:assert/strict';
import { CHANGES, EVENT_TITLES } from '../../../contracts/certificate-life.ts';
import { colourOfEvent, LOOKS } from './looks.ts';

describe('looks of certificates', () => {
  it('shows revocation and forfeiture in red, never what was given [PLT-6.4]', () => {
    const red = Object.keys(EVENT_TITLES).filter((kind) => colourOfEvent(kind) === 'over');
    assert.deepEqual(red, ['revoked', 'forfeited']);
    assert.equal(colourOfEvent('extended'), 'ok');
  });
  it('gives a state the colour of the event that led to it', () => {
    for (const { to, event } of Object.values(CHANGES)) assert.equal(LOOKS[to].colour, colourOfEvent(event));
  });
});
