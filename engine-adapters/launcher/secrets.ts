import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Secrets {
  /** The secret of that name: 32 random bytes as base64url, made at the first call and the same ever after. */
  get(name: string): string;
}

/** Opens `<dataDir>/secrets.json` (mode 0600). */
export function openSecrets(dataDir: string): Secrets {
  const path = join(dataDir, 'secrets.json');
  return {
    get(name) {
      const kept = read(path);
      const secret = kept[name] ?? randomBytes(32).toString('base64url');
      if (kept[name] === undefined) write(path, { ...kept, [name]: secret });
      return secret;
    },
  };
}

function read(path: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/** Renamed into place, so that a kill leaves the old file or the new one. */
function write(path: string, secrets: Record<string, string>): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
