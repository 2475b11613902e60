/**
 * SM2 over SM3 (GB/T 32918, GB/T 32905) as messages name it (GB/T 35275): detached signatures that stand beside a PDF.
 */
import * as asn1js from 'asn1js';
import { AlgorithmIdentifier, createECDSASignatureFromCMS, PublicKeyInfo, type Certificate } from 'pkijs';
import { sm2, sm3 } from 'sm-crypto-v2';
import { checkCms, certificatesOf, ownerOf, type Sign, type Suite } from './cms.ts';
import type { Signer, Verdict } from './verify.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** The user id that GB/T 35276 prescribes where none was agreed. */
const USER_ID = '1234567812345678';
const ID_EC_PUBLIC_KEY = '1.2.840.10045.2.1';
const ID_SM2_CURVE = '1.2.156.10197.1.301';
const ID_SM2_WITH_SM3 = '1.2.156.10197.1.501';
/** r and s as they are: `hash` takes the signer's public key and user id into the digest, as the standard asks. */
const OPTIONS = { der: false, hash: true, userId: USER_ID };

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const bytesOf = (text: string): Bytes => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));

const publicKey = (certificate: Certificate) =>
  hex(certificate.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView);

const verify = (signer: Certificate, bytes: Uint8Array, signature: Uint8Array) =>
  sm2.doVerifySignature(bytes, hex(signature), publicKey(signer), OPTIONS);

/** @param digest SM3, where something faster than JavaScript is at hand */
export const createSm2 = (digest = (bytes: Bytes): Bytes => bytesOf(sm3(bytes))): Suite => ({
  dataId: '1.2.156.10197.6.1.4.2.1',
  signedDataId: '1.2.156.10197.6.1.4.2.2',
  digestId: '1.2.156.10197.1.401',
  signatureId: '1.2.156.10197.1.301.1',
  digest: (bytes) => Promise.resolve(digest(bytes)),
  verify: (signer, bytes, signature) => Promise.resolve(verify(signer, bytes, signature)),
  issued(issuer, certificate) {
    const { result } = asn1js.fromBER(certificate.signatureValue.valueBlock.valueHexView);
    const raw = new Uint8Array(createECDSASignatureFromCMS(result, 32) as ArrayBuffer);
    return Promise.resolve(
      certificate.signatureAlgorithm.algorithmId === ID_SM2_WITH_SM3 &&
        verify(issuer, new Uint8Array(certificate.encodeTBS().toBER()), raw),
    );
  },
});

/** Signs with a private key of 32 bytes. */
export function sm2Sign(privateKey: Uint8Array): Sign {
  const key = hex(privateKey);
  const own = sm2.getPublicKeyFromPrivateKey(key);
  return (bytes) => Promise.resolve(bytesOf(sm2.doSignature(bytes, key, { ...OPTIONS, publicKey: own })));
}

/** A new pair: the private key, and the public one as certificates hold it. */
export function createSm2Pair(): { privateKey: Uint8Array; publicKey: PublicKeyInfo } {
  const pair = sm2.generateKeyPairHex();
  return {
    privateKey: bytesOf(pair.privateKey),
    publicKey: new PublicKeyInfo({
      algorithm: new AlgorithmIdentifier({
        algorithmId: ID_EC_PUBLIC_KEY,
        algorithmParams: new asn1js.ObjectIdentifier({ value: ID_SM2_CURVE }),
      }),
      subjectPublicKey: new asn1js.BitString({ valueHex: bytesOf(pair.publicKey).buffer }),
    }),
  };
}

export const SM2_CERTIFICATE = ID_SM2_WITH_SM3;

/** What a detached signature says of a file. */
export interface Detached {
  verdict: Verdict;
  signer: Pick<Signer, 'name' | 'keyId' | 'at'> | null;
  zh: string;
  en: string;
}

const SAID: Record<string, Pick<Detached, 'verdict' | 'zh' | 'en'>> = {
  genuine: {
    verdict: 'genuine',
    zh: '国密签名有效，文件没有改动',
    en: 'the SM2 signature is valid, the file unchanged',
  },
  'other-content': {
    verdict: 'altered',
    zh: '文件与国密签名不符：文件在签名之后被改动，或签名是另一份文件的',
    en: 'the file is not the one that was signed: it was altered, or the signature belongs to another file',
  },
  damaged: {
    verdict: 'altered',
    zh: '国密签名本身已损坏或被改动',
    en: 'the SM2 signature itself is damaged or altered',
  },
  foreign: {
    verdict: 'unknown',
    zh: '国密签名的证书不是由所信任的根证书签发的',
    en: 'the certificate of the SM2 signature was not issued under a trusted root',
  },
};

/** Checks a detached signature over all bytes of a file against CA certificates (PEM). Never throws for a file. */
export async function verifyDetached(file: Uint8Array, signature: Uint8Array, trust: string): Promise<Detached> {
  const { state, signer, at } = await checkCms(
    Uint8Array.from(signature),
    Uint8Array.from(file),
    certificatesOf(trust),
    createSm2(),
  );
  return {
    ...SAID[state]!,
    signer: signer ? { ...ownerOf(signer), at: at ? chinaTime(at) : '' } : null,
  };
}

const chinaTime = (at: Date) => `${new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
