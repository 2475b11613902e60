import { join } from 'node:path';

/** The file whose bytes open files and private keys; made at the first start, mode 0600. */
export const keyFileOf = (dataDir: string) => join(dataDir, 'keys', 'key.file');
