import { createCms } from '../../../contracts/pdf/cms.ts';
import { verifyDetached, type Detached } from '../../../contracts/pdf/sm2.ts';
import { verifyPdf, type Verification } from '../../../contracts/pdf/verify.ts';
import { appendSignature, type Ink } from './append.ts';
import { createVault } from './key-file.ts';
import { createKeys, internationalKeys, nationalKeys, type KeyStore } from './keys.ts';
import { findPlace, SEAL_ANCHOR, type SealPlace } from './place.ts';
import type { SealPicture } from './seal-picture.ts';

export interface SealRequest {
  /** Of the office or institution: `office:520000`; letters, digits and `:-.` only. */
  keyId: string;
  /** The signer's name of the day of signing. */
  name: string;
  reason: string;
  location: string;
  at: Date;
  /** Without one the signature is invisible. */
  sealPicture?: SealPicture;
  /** Handwriting in place of a seal. */
  ink?: Ink;
  /** Where the seal stands, or the words that it covers; default 「（印章）」. */
  place?: SealPlace | { anchor: string };
}

/** Signing and checking of documents. A province's seal platform joins behind this port. */
export interface Signatures {
  /** Signs as PAdES B-B and shows the seal. What is there stays as it is, earlier signatures too. */
  seal(pdf: Uint8Array, request: SealRequest): Promise<Buffer>;
  /** Signs all bytes of a file with SM2 over SM3: a message that stands beside it (GB/T 35275, DER). */
  signDetached(file: Uint8Array, request: Pick<SealRequest, 'keyId' | 'name' | 'at'>): Promise<Buffer>;
  /** Checks a detached signature, by default against our own authority. Never throws for a file. */
  verifyDetached(file: Uint8Array, signature: Uint8Array, options?: { trust?: string }): Promise<Detached>;
  /** Checks against CA certificates (PEM), by default our own. Never throws for a file. */
  verify(pdf: Uint8Array, options?: { trust?: string }): Promise<Verification>;
  /** The certificates of the authority (PEM), for PDFs and for detached signatures, for everybody who wants to check. */
  ca(): string;
}

/**
 * Our own signatures: an authority made at the first start, two key pairs (ECDSA, SM2) for each office and institution made when
 * it first signs, private keys encrypted with the bytes of the key file.
 */
export async function createSignatures(deps: { keys: KeyStore; keyFile: Buffer; now: Date }): Promise<Signatures> {
  const given = { store: deps.keys, vault: createVault(deps.keyFile), now: deps.now };
  const keys = await createKeys(internationalKeys, { ...given, name: '准予电子签章根证书' });
  const national = await createKeys(nationalKeys, { ...given, name: '准予国密签名根证书' });
  const authorities = keys.authorityPem + national.authorityPem;
  return {
    async seal(pdf, { keyId, name, reason, location, at, sealPicture, ink, place }) {
      const { chain, suite, sign } = await keys.signing(keyId, name);
      const seal = sealPicture && { picture: sealPicture, place: await placeOf(pdf, place) };
      const look = { name, reason, location, at, seal, ...(ink && { ink: { ink, place: await placeOf(pdf, place) } }) };
      return appendSignature(pdf, look, (content) => createCms(chain, content, { suite, sign }));
    },
    async signDetached(file, { keyId, name, at }) {
      const { chain, suite, sign } = await national.signing(keyId, name);
      return Buffer.from(await createCms(chain, Uint8Array.from(file), { suite, sign, at }));
    },
    verifyDetached: (file, signature, { trust = authorities } = {}) => verifyDetached(file, signature, trust),
    verify: (pdf, { trust = authorities } = {}) => verifyPdf(pdf, trust),
    ca: () => authorities,
  };
}

const placeOf = async (pdf: Uint8Array, place: SealRequest['place'] = { anchor: SEAL_ANCHOR }) =>
  'anchor' in place ? findPlace(pdf, place.anchor) : place;
