import assert from 'node:assert/strict';
import type { Knex } from 'knex';
import type { Release, Step } from '../../../contracts/flow.ts';
import type { CaseRow } from '../engine/index.ts';
import { createFileCorrected } from './sealed.ts';

describe('the application sealed again', () => {
  const trx = {} as Knex.Transaction;
  const row = { id: 'case-1' } as CaseRow;
  const release = {
    package: {
      flow: { form: 'application' },
      graph: { nodes: [{ id: 'begin', type: 'startEvent' }] },
      forms: {
        application: {
          components: [{ type: 'signature', key: 'bookSealed', label: '签章', properties: { document: 'book' } }],
        },
      },
    },
  } as unknown as Release;

  async function filed(step: Partial<Step>, signature: unknown): Promise<unknown[]> {
    const given: unknown[] = [];
    const fileCorrected = createFileCorrected({
      toSeal: () => ({ document: 'book', field: { key: 'bookSealed' } }),
      documents: {
        async file(_trx, { step: at, kind }, { signedHash, by }) {
          given.push({ at, kind, signedHash, by });
          return 'document-1';
        },
      },
      forms: { read: async () => ({ data: { bookSealed: signature } }) },
    });
    await (
      await fileCorrected(row, release, step as Step)
    )?.(trx, 'person-1');
    return given;
  }

  it('goes into the file with the decision of the step in which it was changed [CMA-3.7 CMA-3.10]', async () => {
    const edits = { form: 'application' } as Step['edits'];
    assert.deepEqual(await filed({ edits }, { hash: 'h' }), [
      { at: 'begin', kind: 'book', signedHash: 'h', by: 'person-1' },
    ]);
    assert.deepEqual(await filed({ edits }, null), []);
    assert.deepEqual(await filed({ edits: { form: 'review' } as Step['edits'] }, { hash: 'h' }), []);
    assert.deepEqual(await filed({}, { hash: 'h' }), []);
  });
});
