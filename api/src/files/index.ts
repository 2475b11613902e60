/** Files from and to the outside: kept encrypted under their hash, taken by what they are, handed out harmless. */
export { entriesOf } from './archive.ts';
export { sendFile } from './download.ts';
export { createFileStore } from './store.ts';
export { acceptFile, mimeOf, typeOf, type TakenType } from './type.ts';
export { createUploads, type Uploads } from './parts.ts';
export { readUpload, type Upload } from './upload.ts';
