import type { Knex } from 'knex';
import type { Actor, Audit } from '../audit/index.ts';
import { invalidInput, notFound, problemKind, type Core } from '../core/index.ts';
import { checkPassword, createPasswordCheck, hashPassword } from './password.ts';

const MAX_FAILURES = 5;
const LOCK_MINUTES = 15;

/** One answer for an unknown login, a wrong password and a locked account: it must not tell which logins exist. */
export const signInFailed = problemKind(
  'sign-in-failed',
  401,
  `账号或密码不对。连续错 ${MAX_FAILURES} 次，账号锁定 ${LOCK_MINUTES} 分钟`,
  `Wrong login or password. After ${MAX_FAILURES} wrong ones the account is locked for ${LOCK_MINUTES} minutes`,
);

export interface Accounts {
  /** Opens an account. Throws `invalid` for a login that is taken or malformed and for a weak password. */
  create(
    trx: Knex.Transaction,
    account: { login: string; password: string; personId: string },
    by: Actor,
  ): Promise<void>;
  /** Sets a new password, unlocks the account and ends its sessions. Throws `not-found`, `invalid`. */
  setPassword(
    trx: Knex.Transaction,
    account: { login: string; password: string; personId: string },
    by: Actor,
  ): Promise<void>;
  /** Disables all accounts of a person and ends their sessions. */
  disable(trx: Knex.Transaction, personId: string, by: Actor): Promise<void>;
}

export interface SignIn {
  /** Answers the login as it is stored, or throws `sign-in-failed`. `from` is the address of the caller. */
  (credentials: { login: string; password: string; from: string }): Promise<string>;
}

interface Attempt {
  login: string;
  person_id: string;
  password_hash: string;
  locked_until: Date | null;
}

export function createAccounts(
  core: Pick<Core, 'db' | 'time'>,
  { audit }: { audit: Pick<Audit, 'write'> },
): { accounts: Accounts; signIn: SignIn } {
  const passwords = createPasswordCheck();

  /**
   * Counts the attempt before the password is looked at, so that guesses sent at once don't all go through. The last
   * allowed one locks; the right password unlocks. Null: no such account, or locked.
   */
  async function countAttempt(login: string): Promise<Attempt | null> {
    const now = core.time.now();
    const until = new Date(now.getTime() + LOCK_MINUTES * 60_000);
    const { rows } = await core.db.raw(
      `update account a set
         failures = case when locked_until is null then failures + 1 else 1 end,
         locked_until = case when locked_until is null and failures + 1 >= ? then ?::timestamptz end
       from person p
       where a.login = ? and a.disabled_at is null and p.id = a.person_id and p.left_at is null
         and (a.locked_until is null or a.locked_until <= ?)
       returning a.login, a.person_id, a.password_hash, a.locked_until`,
      [MAX_FAILURES, until, login, now],
    );
    return rows[0] ?? null;
  }

  return {
    signIn: async ({ login, password, from }) => {
      const attempt = await countAttempt(login.trim().toLowerCase());
      const right = await passwords.matches(attempt?.password_hash ?? null, password);
      await core.db.transaction(async (trx) => {
        const line = { personId: attempt?.person_id ?? null, detail: { from, title: attempt?.login } };
        if (right) {
          await trx('account')
            .where({ login: attempt?.login })
            .update({ failures: 0, locked_until: null, last_sign_in: core.time.now() });
          await audit.write(trx, { ...line, action: 'session.start' });
        } else {
          await audit.write(trx, { ...line, action: 'session.refused' });
          if (attempt?.locked_until) await audit.write(trx, { ...line, personId: null, action: 'account.locked' });
        }
      });
      if (!right || !attempt) throw signInFailed();
      return attempt.login;
    },

    accounts: {
      async create(trx, { login: typed, password, personId }, by) {
        const login = typed.trim().toLowerCase();
        if (!/^[a-z0-9][a-z0-9._@-]{2,63}$/.test(login))
          throw invalidInput({
            fields: [
              {
                path: 'account/login',
                zh: '账号用 3 至 64 个字母、数字和 . _ @ -，以字母或数字开头',
                en: 'A login has 3 to 64 letters, digits and . _ @ - and begins with a letter or digit',
              },
            ],
          });
        checkPassword(password, login, 'account/password');
        const made = await trx('account')
          .insert({ login, person_id: personId, password_hash: await hashPassword(password) })
          .onConflict('login')
          .ignore()
          .returning('login');
        if (made.length === 0)
          throw invalidInput({
            fields: [{ path: 'account/login', zh: `账号 ${login} 已有人用`, en: `The login ${login} is taken` }],
          });
        await audit.write(trx, { ...by, action: 'account.created', detail: { title: login, person: personId } });
      },

      async setPassword(trx, { login, password, personId }, by) {
        checkPassword(password, login, 'password');
        const changed = await trx('account')
          .where({ login, person_id: personId })
          .update({ password_hash: await hashPassword(password), failures: 0, locked_until: null });
        if (changed === 0) throw notFound();
        await endSessions(trx, [login]);
        await audit.write(trx, { ...by, action: 'account.password', detail: { title: login } });
      },

      async disable(trx, personId, by) {
        const ended = await trx('account')
          .where({ person_id: personId })
          .whereNull('disabled_at')
          .update({ disabled_at: core.time.now() })
          .returning('login');
        const logins = ended.map(({ login }) => login);
        await endSessions(trx, logins);
        for (const login of logins)
          await audit.write(trx, { ...by, action: 'account.disabled', detail: { title: login } });
      },
    },
  };
}

async function endSessions(trx: Knex.Transaction, logins: string[]): Promise<void> {
  await trx('session').whereRaw(`sess->>'login' = any(?)`, [logins]).delete();
}
