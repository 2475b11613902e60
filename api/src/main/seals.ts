/** Seals of offices and institutions: their key pairs in the database, their pictures drawn under the name of the day. */
import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { Core } from '../core/index.ts';
import type { SealOf } from '../documents/index.ts';
import type { Fonts } from '../documents/index.ts';
import { createKeyFile, createSignatures, drawSeal, type KeyStore, type Signatures } from '../signatures/index.ts';
import type { SigningDeps } from '../signing/index.ts';
import { keyFileOf } from './data-dir.ts';

export interface Seals {
  signatures: Signatures;
  /** Seals and signs over the place for the seal; an SM2 signature over the result is kept beside it. */
  seal(pdf: Buffer, of: SealOf): Promise<Buffer>;
  /** Puts handwriting over the words of a place, and signs under the signer's name. */
  sign: SigningDeps['sign'];
  /** The SM2 signature over a sealed file, by the file's SHA-256. */
  detached(hash: string): Promise<Buffer | null>;
}

const OFFICE_SEAL = '行政许可专用章';

export async function createSeals(core: Core, fonts: Fonts): Promise<Seals> {
  const keyFile = await createKeyFile(keyFileOf(core.settings.dataDir));
  const signatures = await createSignatures({ keys: keyStore(core.db, core), keyFile, now: core.time.now() });
  return {
    signatures,
    async seal(pdf, { owner, name, reason, location, at }) {
      const office = 'office' in owner;
      const keyId = office ? `office:${owner.office}` : `institution:${owner.institution}`;
      const sealed = await signatures.seal(pdf, {
        keyId,
        name,
        reason,
        location,
        at,
        sealPicture: drawSeal({ text: name, ...(office && { centre: OFFICE_SEAL }), font: fonts.serifBold.font() }),
      });
      await keepDetached(sealed, { keyId, name, at });
      return sealed;
    },
    async sign(pdf, { keyId, name, reason, at, ink, place }) {
      const given = { keyId, name, reason, at, ink, location: '', place: { anchor: place } };
      const signed = await signatures.seal(pdf, given);
      await keepDetached(signed, { keyId, name, at });
      return signed;
    },
    async detached(hash) {
      const row = await core.db('detached_signature').where({ file_hash: hash }).first('signature');
      return row?.signature ?? null;
    },
  };

  async function keepDetached(file: Buffer, by: { keyId: string; name: string; at: Date }): Promise<void> {
    await core
      .db('detached_signature')
      .insert({
        file_hash: createHash('sha256').update(file).digest('hex'),
        signature: await signatures.signDetached(file, by),
        signed_at: by.at,
      })
      .onConflict('file_hash')
      .ignore();
  }
}

function keyStore(db: Knex, { time }: Pick<Core, 'time'>): KeyStore {
  return {
    async load(id) {
      const row = await db('signature_key').where({ id }).first();
      return row && { certPem: row.cert_pem, encryptedKey: row.encrypted_key.toString('base64') };
    },
    async save(id, { certPem, encryptedKey }) {
      await db('signature_key')
        .insert({ id, cert_pem: certPem, encrypted_key: Buffer.from(encryptedKey, 'base64'), created_at: time.now() })
        .onConflict('id')
        .ignore();
    },
  };
}
