import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { invalidInput } from '../core/index.ts';

/** Argon2id with the second of the settings that OWASP calls equal: 12 MiB, three passes; 5–10 ms of one core. */
const COST = { memoryCost: 12_288, timeCost: 3, parallelism: 1 };
const MIN_LENGTH = 10;

export const hashPassword = (password: string): Promise<string> => hash(password, COST);

export interface PasswordCheck {
  /** Looks at one hash of the same cost for an account that isn't there (`null`) too, so that the time tells nothing. */
  matches(stored: string | null, password: string): Promise<boolean>;
}

export function createPasswordCheck(
  look: (stored: string, password: string) => Promise<boolean> = verify,
): PasswordCheck {
  const decoy = hashPassword(randomBytes(16).toString('hex'));
  return {
    async matches(stored, password) {
      const right = await look(stored ?? (await decoy), password);
      return right && stored !== null;
    },
  };
}

/** Refuses a password that is short, of few kinds of characters, or holds the login. Throws `invalid` at `path`. */
export function checkPassword(password: string, login: string, path: string): void {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/].filter((kind) => kind.test(password)).length;
  const bad = (zh: string, en: string) => invalidInput({ fields: [{ path, zh, en }] });
  if (password.length < MIN_LENGTH)
    throw bad(
      `密码至少 ${MIN_LENGTH} 个字符，现在 ${password.length} 个`,
      `A password has at least ${MIN_LENGTH} characters`,
    );
  if (kinds < 3)
    throw bad(
      '密码要含大写字母、小写字母、数字、其他字符中的三种',
      'A password has three of: capital letters, small letters, digits, other characters',
    );
  if (password.toLowerCase().includes(login)) throw bad('密码里不能有账号', 'A password does not contain the login');
}
