export type { Ink } from './append.ts';
export { createKeyFile, createVault, type Vault } from './key-file.ts';
export type { KeyStore, StoredKey } from './keys.ts';
export { findWords, SEAL_ANCHOR, type SealPlace } from './place.ts';
export { drawSeal, sealSvg, type SealPicture } from './seal-picture.ts';
export { createSignatures, type SealRequest, type Signatures } from './signatures.ts';
