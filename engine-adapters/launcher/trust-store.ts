import { X509Certificate, createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';

const BUNDLES = [
  process.env.SSL_CERT_FILE,
  process.env.NODE_EXTRA_CA_CERTS,
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** Writes the authorities that Node and this machine trust as a Java key store (JKS, password "changeit"). */
export function writeTrustStore(path: string): void {
  const texts = BUNDLES.filter((bundle) => bundle !== undefined && existsSync(bundle)).map((bundle) =>
    readFileSync(bundle as string, 'utf8'),
  );
  writeFileSync(path, javaKeyStore([...texts, ...rootCertificates].flatMap(certificates), 'changeit'));
}

function certificates(pem: string): Buffer[] {
  const found = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return found.map((text) => new X509Certificate(text).raw);
}

/** Java's own format, version 2: trusted certificates and a SHA-1 over password, a fixed phrase and the content. */
export function javaKeyStore(trusted: Buffer[], password: string): Buffer {
  const distinct = [...new Map(trusted.map((der) => [createHash('sha256').update(der).digest('hex'), der]))];
  const entries = distinct.flatMap(([alias, der]) => [
    int(2),
    utf(alias),
    Buffer.alloc(8),
    utf('X.509'),
    int(der.length),
    der,
  ]);
  const content = Buffer.concat([int(0xfeedfeed), int(2), int(distinct.length), ...entries]);
  const key = Buffer.from(password, 'utf16le').swap16();
  return Buffer.concat([content, createHash('sha1').update(key).update('Mighty Aphrodite').update(content).digest()]);
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function utf(text: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(text));
  return Buffer.concat([length, Buffer.from(text)]);
}
