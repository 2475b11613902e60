/** Cases of a contact without an account: who has the phone gets a code, who has the code sees the progress (PLT-2.8). */
import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';
import type { PublicProgress } from '../../../contracts/api/index.ts';
import { bothOf, resultTitle, type Release } from '../../../contracts/flow.ts';
import { problemKind, shanghaiDay, type Core, type PublicDatabase } from '../core/index.ts';

export const wrongCode = problemKind(
  'wrong-code',
  403,
  '验证码已失效：超过 5 分钟、试过 5 次，或已经用过。重新获取后再查',
  'The code no longer works: it is older than 5 minutes, was tried 5 times or used. Get another one',
);
export const codeTooSoon = problemKind(
  'code-too-soon',
  429,
  '验证码一分钟内只发一次，稍后再获取',
  'One code per minute; ask again later',
);
export const notSent = problemKind(
  'sms-not-sent',
  503,
  '短信没有发出，过几分钟再获取',
  'The text message was not sent; try again in some minutes',
);

const VALID_MS = 5 * 60_000;
const PAUSE_MS = 60_000;
const MOST_TRIES = 5;
/** Cases that are shown. */
const MOST = 50;

export interface Lookup {
  /** Sends a code where some case has this contact. The answer doesn't say whether one has. */
  sendCode(mobile: string): Promise<void>;
  /** @throws wrong-code; a code works once */
  progress(mobile: string, code: string): Promise<PublicProgress>;
}

interface Found {
  number: string;
  release_id: string;
  subject_name: string;
  state: string;
  stage: string | null;
  result: string | null;
  received_at: Date;
  closed_at: Date | null;
}

export function createLookup(
  { db, time, outside, settings, log }: Core,
  deps: { database: Pick<PublicDatabase, 'read'>; release(id: string): Promise<Release> },
): Lookup {
  const digestOf = (mobile: string, code: string) =>
    createHmac('sha256', settings.sessionSecret).update(`lookup ${mobile} ${code}`).digest('hex');

  const casesOf = (mobile: string, limit: number): Promise<Found[]> =>
    deps.database.read((trx) =>
      trx('case_lookup').where({ contact_mobile: mobile }).orderBy('received_at', 'desc').limit(limit),
    );

  /** Keeps the code for a minute at least, whether it is sent or not, so that the answers are alike. */
  async function keep(mobile: string, code: string): Promise<void> {
    const now = time.now();
    const kept = await db('lookup_code')
      .insert({ mobile, digest: digestOf(mobile, code), sent_at: now, tries: 0 })
      .onConflict('mobile')
      .merge()
      .where('lookup_code.sent_at', '<=', new Date(now.getTime() - PAUSE_MS))
      .returning('mobile');
    if (kept.length === 0) throw codeTooSoon({ retryAfter: PAUSE_MS / 1000 });
  }

  /**
   * One try; the right code is used up by it. Answers how many are left after a wrong one: none where the code is used
   * up, has expired or was never asked for.
   */
  async function use(mobile: string, code: string): Promise<{ right: boolean; left: number }> {
    return db.transaction(async (trx) => {
      const row = await trx('lookup_code').where({ mobile }).forUpdate().first();
      if (!row || row.tries >= MOST_TRIES || time.now().getTime() - row.sent_at.getTime() > VALID_MS)
        return { right: false, left: 0 };
      const right = timingSafeEqual(Buffer.from(row.digest), Buffer.from(digestOf(mobile, code)));
      const tries = right ? MOST_TRIES : row.tries + 1;
      await trx('lookup_code').where({ mobile }).update({ tries });
      return { right, left: MOST_TRIES - tries };
    });
  }

  return {
    async sendCode(mobile) {
      const code = String(randomInt(1_000_000)).padStart(6, '0');
      await keep(mobile, code);
      if ((await casesOf(mobile, 1)).length === 0) return;
      const text = `【办件查询】验证码 ${code}，5 分钟内有效。不是您本人在查，请勿告诉他人。`;
      const key = `lookup ${digestOf(mobile, code)}`;
      try {
        await outside.send({ channel: 'sms', to: mobile, subject: '办件查询验证码', text, key });
      } catch (error) {
        log.warn({ error: (error as Error).message }, 'a code was not sent');
        throw notSent();
      }
    },

    async progress(mobile, code) {
      const { right, left } = await use(mobile, code);
      if (!right && left > 0)
        throw wrongCode({
          zh: `验证码不对，还可以试 ${left} 次。核对短信后再填`,
          en: `The code is wrong; ${left} tries left. Check the text message`,
        });
      if (!right) throw wrongCode();
      const found = await casesOf(mobile, MOST);
      const cases = found.map(async (row) => {
        const release = await deps.release(row.release_id);
        const said = (zh: string | null) => (zh === null ? null : bothOf(release.package, zh));
        return {
          number: row.number,
          title: release.package.flow.title,
          subject: masked(row.subject_name),
          state: row.state === 'closed' ? ('closed' as const) : ('open' as const),
          stage: row.state === 'closed' ? null : said(row.stage),
          result: said(resultTitle(release, row.result)),
          receivedOn: shanghaiDay(row.received_at),
          closedOn: row.closed_at && shanghaiDay(row.closed_at),
        };
      });
      return { cases: await Promise.all(cases) };
    },
  };
}

/** 贵州****有限公司; of a short name the first character: 王*. */
export function masked(name: string): string {
  const characters = [...name];
  if (characters.length <= 4) return `${characters[0] ?? ''}${'*'.repeat(Math.max(characters.length - 1, 0))}`;
  const shown = characters.length > 8 ? 4 : 1;
  return `${characters.slice(0, 2).join('')}****${characters.slice(-shown).join('')}`;
}
