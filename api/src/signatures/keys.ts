import { createHash, randomBytes } from 'node:crypto';
import * as asn1js from 'asn1js';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  Extension,
  PublicKeyInfo,
  RelativeDistinguishedNames,
  Time,
} from 'pkijs';
import { certificatesOf, derSignature, ecdsa, ecdsaSign, type Sign, type Suite } from '../../../contracts/pdf/cms.ts';
import { createSm2, createSm2Pair, SM2_CERTIFICATE, sm2Sign } from '../../../contracts/pdf/sm2.ts';
import type { Vault } from './key-file.ts';

/** What is kept of a key pair: the certificate, and the private key (PKCS #8) as the vault encrypted it. */
export interface StoredKey {
  certPem: string;
  encryptedKey: string;
}

/** Where key pairs are kept. `save` keeps the first of one id: two processes may make it at the same time. */
export interface KeyStore {
  load(id: string): Promise<StoredKey | undefined>;
  save(id: string, key: StoredKey): Promise<void>;
}

/** A key pair that can sign; `chain` begins with its own certificate and ends with the authority's. */
export interface SigningKey {
  suite: Suite;
  sign: Sign;
  chain: Certificate[];
}

/** One kind of key pair: how it is made and used, and how certificates name its signatures. */
interface KeyKind {
  /** Stands before the ids of its pairs in the store. */
  prefix: string;
  suite: Suite;
  certificateId: string;
  make(): Promise<{ privateKey: Uint8Array; publicKey: PublicKeyInfo }>;
  open(privateKey: Uint8Array): Promise<Sign>;
}

export interface Keys {
  authority: Certificate;
  authorityPem: string;
  /** The key pair of an office or institution under its name of today, made at its first use. */
  signing(keyId: string, name: string): Promise<SigningKey>;
}

const AUTHORITY_ID = 'ca';
/** Most key pairs that stay open. */
const KEPT = 200;
const ECDSA_P256 = { name: 'ECDSA', namedCurve: 'P-256' };

/** For PDF readers everywhere; private keys as PKCS #8. */
export const internationalKeys: KeyKind = {
  prefix: '',
  suite: ecdsa,
  certificateId: ecdsa.signatureId,
  async make() {
    const pair = await crypto.subtle.generateKey(ECDSA_P256, true, ['sign', 'verify']);
    const publicKey = new PublicKeyInfo();
    await publicKey.importKey(pair.publicKey);
    return { privateKey: new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey)), publicKey };
  },
  open: async (pkcs8) =>
    ecdsaSign(await crypto.subtle.importKey('pkcs8', Uint8Array.from(pkcs8), ECDSA_P256, false, ['sign'])),
};

/** Commercial cryptography of China; private keys as 32 bytes. */
export const nationalKeys: KeyKind = {
  prefix: 'sm2:',
  suite: createSm2((bytes) => Uint8Array.from(createHash('sm3').update(bytes).digest())),
  certificateId: SM2_CERTIFICATE,
  make: () => Promise.resolve(createSm2Pair()),
  open: (privateKey) => Promise.resolve(sm2Sign(privateKey)),
};

const KEY_USAGE_CA = 0b00000110;
const KEY_USAGE_SIGN = 0b11000000;
/** Documents of earlier years are sealed as well, and those of today are to be checked for decades. */
const YEARS_BACK = 20;
const YEARS_AHEAD = 30;

/** Opens the authority, made at the first start, and with it the key pairs that it certifies. */
export async function createKeys(
  kind: KeyKind,
  deps: { store: KeyStore; vault: Vault; now: Date; name: string },
): Promise<Keys> {
  const { store, vault } = deps;

  async function open(id: string): Promise<SigningKey | undefined> {
    const stored = await store.load(kind.prefix + id);
    if (!stored) return undefined;
    const sign = await kind.open(vault.decrypt(stored.encryptedKey, kind.prefix + id));
    return { suite: kind.suite, sign, chain: certificatesOf(stored.certPem).map(readOnce) };
  }

  async function make(id: string, subject: Subject, issuer?: SigningKey): Promise<SigningKey> {
    const { privateKey, publicKey } = await kind.make();
    const sign = issuer?.sign ?? (await kind.open(privateKey));
    const certificate = await certify(subject, publicKey, deps.now, { kind, sign, issuer: issuer?.chain[0] });
    const encryptedKey = vault.encrypt(privateKey, kind.prefix + id);
    const certPem = [certificate, ...(issuer?.chain ?? [])].map(pemOf).join('');
    await store.save(kind.prefix + id, { encryptedKey, certPem });
    return (await open(id))!;
  }

  const authority = (await open(AUTHORITY_ID)) ?? (await make(AUTHORITY_ID, { name: deps.name, keyId: AUTHORITY_ID }));

  /** Those used last; reading a pair takes longer than signing with it. What is stored under an id stays as it is. */
  const kept = new Map<string, SigningKey>();

  return {
    authority: authority.chain[0],
    authorityPem: pemOf(authority.chain[0]),
    async signing(keyId, name) {
      // The name stands in the certificate, so a renamed office gets a new pair and the old one keeps its documents.
      const id = `${keyId}/${name}`;
      const key = kept.get(id) ?? (await open(id)) ?? (await make(id, { name, keyId }, authority));
      kept.delete(id);
      kept.set(id, key);
      for (const oldest of kept.keys()) if (kept.size > KEPT) kept.delete(oldest);
      return key;
    },
  };
}

interface Subject {
  name: string;
  keyId: string;
}

async function certify(
  subject: Subject,
  publicKey: PublicKeyInfo,
  now: Date,
  by: { kind: KeyKind; sign: Sign; issuer?: Certificate },
): Promise<Certificate> {
  const { issuer } = by;
  const certificate = new Certificate({ version: 2 });
  certificate.serialNumber = new asn1js.Integer({ valueHex: positive(randomBytes(16)) });
  certificate.subject = distinguishedName(subject);
  certificate.issuer = issuer?.subject ?? certificate.subject;
  certificate.notBefore = timeOf(new Date(Date.UTC(now.getUTCFullYear() - YEARS_BACK, 0, 1)));
  certificate.notAfter = timeOf(new Date(Date.UTC(now.getUTCFullYear() + YEARS_AHEAD, 0, 1)));
  certificate.subjectPublicKeyInfo = publicKey;
  const ownId = await keyIdentifier(certificate);
  const issuerId = issuer ? await keyIdentifier(issuer) : ownId;
  const usage = Uint8Array.of(issuer ? KEY_USAGE_SIGN : KEY_USAGE_CA).buffer;
  certificate.extensions = [
    extension('2.5.29.19', true, new BasicConstraints({ cA: !issuer }).toSchema()),
    extension('2.5.29.15', true, new asn1js.BitString({ valueHex: usage, unusedBits: issuer ? 6 : 1 })),
    extension('2.5.29.14', false, ownId),
    extension('2.5.29.35', false, new AuthorityKeyIdentifier({ keyIdentifier: issuerId }).toSchema()),
  ];
  const algorithm = new AlgorithmIdentifier({ algorithmId: by.kind.certificateId });
  Object.assign(certificate, { signature: algorithm, signatureAlgorithm: algorithm });
  const signature = derSignature(await by.sign(new Uint8Array(certificate.encodeTBS().toBER())));
  certificate.signatureValue = new asn1js.BitString({ valueHex: signature.getValue() });
  return Certificate.fromBER(certificate.toSchema(true).toBER());
}

/** Every signature holds the certificate: its parts are not read anew for each. */
function readOnce(certificate: Certificate): Certificate {
  const schema = certificate.toSchema();
  certificate.toSchema = () => schema;
  return certificate;
}

/** Country, name and key id, each a part of its own (the class of pkijs would write one part of three). */
function distinguishedName({ name, keyId }: Subject): RelativeDistinguishedNames {
  const part = (type: string, value: asn1js.Utf8String | asn1js.PrintableString) =>
    new asn1js.Set({ value: [new AttributeTypeAndValue({ type, value }).toSchema()] });
  const parts = [
    part('2.5.4.6', new asn1js.PrintableString({ value: 'CN' })),
    part('2.5.4.3', new asn1js.Utf8String({ value: name })),
    part('2.5.4.5', new asn1js.PrintableString({ value: keyId })),
  ];
  return RelativeDistinguishedNames.fromBER(new asn1js.Sequence({ value: parts }).toBER());
}

const extension = (extnID: string, critical: boolean, value: { toBER(): ArrayBuffer }) =>
  new Extension({ extnID, critical, extnValue: value.toBER() });

/** SHA-1 of the public key (RFC 5280, 4.2.1.2): a name for it, not a protection. */
async function keyIdentifier(certificate: Certificate): Promise<asn1js.OctetString> {
  const bits = certificate.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView;
  return new asn1js.OctetString({ valueHex: await crypto.subtle.digest('SHA-1', Uint8Array.from(bits)) });
}

/** UTC time has two digits for the year and ends with 2049 (RFC 5280, 4.1.2.5). */
const timeOf = (value: Date) => new Time({ type: value.getUTCFullYear() < 2050 ? 0 : 1, value });

function positive(bytes: Buffer): ArrayBuffer {
  return Uint8Array.from(bytes, (byte, i) => (i === 0 ? (byte & 0x3f) | 0x40 : byte)).buffer;
}

function pemOf(certificate: Certificate): string {
  const lines = Buffer.from(certificate.toSchema().toBER())
    .toString('base64')
    .match(/.{1,64}/g)!;
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
