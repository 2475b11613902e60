import * as asn1js from 'asn1js';
import {
  AlgorithmIdentifier,
  Attribute,
  AuthorityKeyIdentifier,
  Certificate,
  ContentInfo,
  createECDSASignatureFromCMS,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  SignedAndUnsignedAttributes,
  SignedData,
  SignerInfo,
} from 'pkijs';

/*
 * The CMS message of a PAdES B-B signature (ETSI EN 319 142-1, 6.3): the attributes content-type, message-digest and
 * signing-certificate-v2, the chain embedded, no signing time (it stands in the PDF); a detached signature has it as
 * one more attribute. There is one form only, so checking can write the message anew and compare: no byte of it is
 * free.
 */

/** The algorithms of a signature, and how the message names them. */
export interface Suite {
  dataId: string;
  signedDataId: string;
  digestId: string;
  signatureId: string;
  digest(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
  /** Whether `signature` (r and s side by side) by the certificate's key is over `bytes`. */
  verify(signer: Certificate, bytes: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>): Promise<boolean>;
  /** Whether `issuer` signed the certificate. */
  issued(issuer: Certificate, certificate: Certificate): Promise<boolean>;
}

/** Signs bytes with a private key: r and s side by side. */
export type Sign = (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>;

const ID_CONTENT_TYPE = '1.2.840.113549.1.9.3';
const ID_MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const ID_SIGNING_TIME = '1.2.840.113549.1.9.5';
const ID_SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';
const ID_AUTHORITY_KEY = '2.5.29.35';
const ID_SUBJECT_KEY = '2.5.29.14';
const ID_COMMON_NAME = '2.5.4.3';
const ID_SERIAL_NUMBER = '2.5.4.5';
const ECDSA = { name: 'ECDSA', hash: 'SHA-256' };

/** ECDSA P-256 over SHA-256. */
export const ecdsa: Suite = {
  dataId: ContentInfo.DATA,
  signedDataId: ContentInfo.SIGNED_DATA,
  digestId: '2.16.840.1.101.3.4.2.1',
  signatureId: '1.2.840.10045.4.3.2',
  digest: (bytes) => sha256(bytes),
  async verify(signer, bytes, signature) {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
    const key = await signer.getPublicKey({ algorithm: { algorithm, usages: ['verify'] } });
    return crypto.subtle.verify(ECDSA, key, signature, bytes);
  },
  issued: (issuer, certificate) => certificate.verify(issuer),
};

/** Signs with a key of WebCrypto. */
export const ecdsaSign =
  (key: CryptoKey): Sign =>
  async (bytes) =>
    new Uint8Array(await crypto.subtle.sign(ECDSA, key, bytes));

/** Reads the certificates of a PEM text. @throws Error when one can't be read */
export function certificatesOf(pem: string): Certificate[] {
  return [...pem.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/g)].map((match) =>
    Certificate.fromBER(Uint8Array.from(atob(match[1].replace(/\s/g, '')), (c) => c.charCodeAt(0))),
  );
}

/** What a certificate of ours says of its owner: the name, and the id of the key pair. */
export function ownerOf(certificate: Certificate): { name: string; keyId: string } {
  const part = (type: string) =>
    certificate.subject.typesAndValues.find((item) => item.type === type)?.value.valueBlock.value ?? '';
  return { name: String(part(ID_COMMON_NAME)), keyId: String(part(ID_SERIAL_NUMBER)) };
}

/** Signs `content` without holding it; `chain` begins with the signer's certificate. Returns DER. */
export async function createCms(
  chain: Certificate[],
  content: Uint8Array<ArrayBuffer>,
  { suite, sign, at }: { suite: Suite; sign: Sign; at?: Date },
): Promise<Uint8Array> {
  const attributes = await attributesOf(suite, chain[0], await suite.digest(content), at);
  return assemble(suite, chain, attributes, derSignature(await sign(signedBytes(attributes))));
}

/** How a message relates to a digest and to trusted certificates; `foreign` is one that none of them issued. */
export type CmsState = 'genuine' | 'other-content' | 'damaged' | 'foreign';

/** Checks a DER message, which zeros may follow, against the bytes that it should sign. Never throws. */
export async function checkCms(
  padded: Uint8Array<ArrayBuffer>,
  content: Uint8Array<ArrayBuffer>,
  trust: Certificate[],
  suite: Suite = ecdsa,
): Promise<{ state: CmsState; signer?: Certificate; at?: Date }> {
  const message = parse(padded);
  if (!message) return { state: 'damaged' };
  const { signer, embedded, signature, messageDigest, at } = message;
  const issuer = trust.find((ca) => issued(ca, signer) || embedded.some((item) => same(item, ca)));
  if (!issuer) return { state: 'foreign', signer, at };
  const digest = await suite.digest(content);
  if (!equal(messageDigest, digest)) return { state: 'other-content', signer, at };
  // A changed time may be one that cannot be written again.
  const attributes = await attributesOf(suite, signer, digest, at).catch(() => undefined);
  if (!attributes) return { state: 'damaged', signer, at };
  const anew = assemble(suite, [signer, issuer], attributes, signature);
  const whole =
    equal(anew, padded.subarray(0, anew.length)) &&
    padded.subarray(anew.length).every((byte) => byte === 0) &&
    (await suite.issued(issuer, signer).catch(() => false)) &&
    (await verifySignature(suite, signer, attributes, signature).catch(() => false));
  return { state: whole ? 'genuine' : 'damaged', signer, at };
}

const sha256 = async (bytes: BufferSource) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

function parse(der: Uint8Array<ArrayBuffer>) {
  try {
    const signed = new SignedData({ schema: ContentInfo.fromBER(der).content });
    const info = signed.signerInfos[0];
    const embedded = (signed.certificates ?? []).filter((item) => item instanceof Certificate);
    const sid = info.sid as IssuerAndSerialNumber;
    const signer = embedded.find(
      (item) => item.serialNumber.isEqual(sid.serialNumber) && item.issuer.isEqual(sid.issuer),
    );
    const attribute = (id: string) => info.signedAttrs?.attributes.find((item) => item.type === id)?.values[0];
    const messageDigest = octets(attribute(ID_MESSAGE_DIGEST) as asn1js.OctetString);
    const time = attribute(ID_SIGNING_TIME) as asn1js.UTCTime | undefined;
    // Taken out and wrapped anew, so that another encoding of the same octets doesn't pass.
    return (
      signer && {
        signer,
        embedded,
        messageDigest,
        at: time?.toDate(),
        signature: new asn1js.OctetString({ valueHex: info.signature.getValue() }),
      }
    );
  } catch {
    return undefined;
  }
}

async function attributesOf(
  suite: Suite,
  signer: Certificate,
  digest: Uint8Array<ArrayBuffer>,
  at?: Date,
): Promise<Attribute[]> {
  const hash = await sha256(signer.toSchema().toBER());
  const essCertId = new asn1js.Sequence({ value: [new asn1js.OctetString({ valueHex: hash.buffer })] });
  const certificates = new asn1js.Sequence({ value: [essCertId] });
  // DER sorts a set by its encodings; these grow in length, so this is the order.
  return [
    new Attribute({
      type: ID_CONTENT_TYPE,
      values: [new asn1js.ObjectIdentifier({ value: suite.dataId })],
    }),
    ...(at ? [new Attribute({ type: ID_SIGNING_TIME, values: [new asn1js.UTCTime({ valueDate: at })] })] : []),
    new Attribute({ type: ID_MESSAGE_DIGEST, values: [new asn1js.OctetString({ valueHex: digest.buffer })] }),
    new Attribute({ type: ID_SIGNING_CERTIFICATE_V2, values: [new asn1js.Sequence({ value: [certificates] })] }),
  ];
}

/** The attributes as they are signed: a SET, not the tagged field of the message (RFC 5652, 5.4). */
const signedBytes = (attributes: Attribute[]) =>
  new Uint8Array(new asn1js.Set({ value: attributes.map((item) => item.toSchema()) }).toBER());

function assemble(
  suite: Suite,
  chain: Certificate[],
  attributes: Attribute[],
  signature: asn1js.OctetString,
): Uint8Array {
  const hash = new AlgorithmIdentifier({ algorithmId: suite.digestId });
  const signed = new SignedData({
    version: 1,
    digestAlgorithms: [hash],
    encapContentInfo: new EncapsulatedContentInfo({ eContentType: suite.dataId }),
    certificates: chain,
    signerInfos: [
      new SignerInfo({
        version: 1,
        sid: new IssuerAndSerialNumber({ issuer: chain[0].issuer, serialNumber: chain[0].serialNumber }),
        digestAlgorithm: hash,
        signedAttrs: new SignedAndUnsignedAttributes({ type: 0, attributes }),
        signatureAlgorithm: new AlgorithmIdentifier({ algorithmId: suite.signatureId }),
        signature,
      }),
    ],
  });
  const content = new ContentInfo({ contentType: suite.signedDataId, content: signed.toSchema(true) });
  return new Uint8Array(content.toSchema().toBER());
}

async function verifySignature(
  suite: Suite,
  signer: Certificate,
  attributes: Attribute[],
  signature: asn1js.OctetString,
): Promise<boolean> {
  const { result } = asn1js.fromBER(signature.getValue());
  const raw = new Uint8Array(createECDSASignatureFromCMS(result, 32) as ArrayBuffer);
  return equal(octets(derSignature(raw)), octets(signature)) && suite.verify(signer, signedBytes(attributes), raw);
}

const octets = (value: asn1js.OctetString) => new Uint8Array(value.getValue());

/** Keys give r and s side by side; CMS wants SEQUENCE { r, s } of INTEGERs without needless zeros. */
export function derSignature(raw: Uint8Array): asn1js.OctetString {
  const integer = (half: Uint8Array) => {
    let from = 0;
    while (from < half.length - 1 && half[from] === 0) from++;
    const bytes = half[from] & 0x80 ? [0, ...half.subarray(from)] : [...half.subarray(from)];
    return new asn1js.Integer({ valueHex: Uint8Array.from(bytes).buffer });
  };
  const pair = new asn1js.Sequence({ value: [integer(raw.subarray(0, 32)), integer(raw.subarray(32))] });
  return new asn1js.OctetString({ valueHex: pair.toBER() });
}

/** Whether `certificate` names the key of `ca` as its issuer's; whether that is true the signature says. */
function issued(ca: Certificate, certificate: Certificate): boolean {
  const parsed = (item: Certificate, id: string) => item.extensions?.find((ext) => ext.extnID === id)?.parsedValue;
  const authority = parsed(certificate, ID_AUTHORITY_KEY);
  const subject = parsed(ca, ID_SUBJECT_KEY);
  if (!(authority instanceof AuthorityKeyIdentifier) || !(subject instanceof asn1js.OctetString)) return false;
  return authority.keyIdentifier?.isEqual(subject) ?? false;
}

const same = (a: Certificate, b: Certificate) =>
  equal(new Uint8Array(a.toSchema().toBER()), new Uint8Array(b.toSchema().toBER()));

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
