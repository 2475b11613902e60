import { createCms } from '../../../contracts/pdf/cms.ts';
import { verifyPdf, type Verification } from '../../../contracts/pdf/verify.ts';
import { appendSignature } from './append.ts';
import { createVault } from './key-file.ts';
import { createKeys, type KeyStore } from './keys.ts';
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
  /** Where the seal stands, or the words that it covers; default 「（印章）」. */
  place?: SealPlace | { anchor: string };
}

/** Signing and checking of documents. A province's seal platform joins behind this port. */
export interface Signatures {
  /** Signs as PAdES B-B and shows the seal. What is there stays as it is, earlier signatures too. */
  seal(pdf: Uint8Array, request: SealRequest): Promise<Buffer>;
  /** Checks against CA certificates (PEM), by default our own. Never throws for a file. */
  verify(pdf: Uint8Array, options?: { trust?: string }): Promise<Verification>;
  /** The certificate of the authority (PEM), for everybody who wants to check. */
  ca(): string;
}

/**
 * Our own signatures: an authority made at the first start, a key pair for each office and institution made when
 * it first signs, private keys encrypted with the bytes of the key file.
 */
export async function createSignatures(deps: { keys: KeyStore; keyFile: Buffer; now: Date }): Promise<Signatures> {
  const keys = await createKeys({
    store: deps.keys,
    vault: createVault(deps.keyFile),
    now: deps.now,
    name: '准予电子签章根证书',
  });
  return {
    async seal(pdf, { keyId, name, reason, location, at, sealPicture, place }) {
      const { key, chain } = await keys.signing(keyId, name);
      const seal = sealPicture && { picture: sealPicture, place: await placeOf(pdf, place) };
      return appendSignature(pdf, { name, reason, location, at, seal }, (content) => createCms(chain, content, key));
    },
    verify: (pdf, { trust = keys.authorityPem } = {}) => verifyPdf(pdf, trust),
    ca: () => keys.authorityPem,
  };
}

const placeOf = async (pdf: Uint8Array, place: SealRequest['place'] = { anchor: SEAL_ANCHOR }) =>
  'anchor' in place ? findPlace(pdf, place.anchor) : place;
