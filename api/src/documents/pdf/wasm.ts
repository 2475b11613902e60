import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Problem } from '../../core/index.ts';
import type { Fonts } from '../fonts.ts';
import type { WordToPdf } from './index.ts';
import { prepareModule } from './module.ts';
import { refusedFile, tooSlow } from './problems.ts';

const START_MS = 40_000;
const IDLE_MS = 60_000;
/** A conversion whose process broke down is tried again in a new one. */
const TRIES = 3;
/**
 * V8 compiles LibreOffice quickly and leaves it so: a process that makes two hundred documents needs two thirds of the
 * processor time, and its first one is there in half the time. A document of hundreds of pages takes a third longer.
 */
const QUICK = ['--liftoff-only'];

type Answer = { ready: true } | { pdf: Uint8Array } | { refused: string } | { error: string } | { late: true };

/** Others wait meanwhile, so it is short: a page takes some 10 ms, ten times that on a machine that is busy otherwise. */
const longestFor = (docx: Buffer): number => 15_000 + docx.length / 20;

/**
 * One child process (1.3 GB) for all documents of this app; started at the first, ended after a minute without any. A
 * file that it refuses leaves it running.
 * @param longest milliseconds that the conversion of a file may take
 * @param onStart told of each process that has started
 */
export function createWasm({
  fonts,
  dataDir,
  longest = longestFor,
  onStart,
}: {
  fonts: Fonts;
  dataDir: string;
  longest?: (docx: Buffer) => number;
  onStart?: (child: ChildProcess) => void;
}): WordToPdf {
  let child: Promise<ChildProcess> | undefined;
  /** Whether the process has made a PDF: the first one takes seconds, as it looks through the fonts. */
  let warm = false;
  let queue: Promise<unknown> = Promise.resolve();
  let idle: NodeJS.Timeout | undefined;

  async function start(): Promise<ChildProcess> {
    const files = [fonts.serif, fonts.serifBold, fonts.sans, fonts.sansBold].map((font) => font.path);
    const args = [String(process.pid), prepareModule(dataDir), ...files];
    const started = fork(fileURLToPath(new URL('./child.mjs', import.meta.url)), args, {
      execArgv: QUICK,
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const kill = () => void started.kill('SIGKILL');
    process.once('exit', kill);
    started.once('exit', () => process.off('exit', kill));
    if ('late' in (await answer(started, START_MS)))
      throw new Error(`LibreOffice took over ${START_MS / 1000} s to start`);
    onStart?.(started);
    return started;
  }

  async function once(docx: Buffer): Promise<Buffer> {
    const running = await (child ??= start());
    const within = longest(docx) + (warm ? 0 : START_MS);
    if (!running.connected || running.exitCode !== null || running.signalCode !== null)
      throw new Error('LibreOffice ended while it had nothing to do');
    const waiting = answer(running, within);
    // What cannot be sent ends the process, and with it the wait.
    running.send({ docx }, (error) => error && running.kill('SIGKILL'));
    const got = await waiting;
    if ('pdf' in got) {
      warm = true;
      return Buffer.from(got.pdf);
    }
    if ('refused' in got) throw refusedFile(got.refused);
    if ('late' in got) {
      await end();
      throw tooSlow(within);
    }
    throw new Error('error' in got ? got.error : 'LibreOffice answered nothing');
  }

  async function end(): Promise<void> {
    clearTimeout(idle);
    const running = await child?.catch(() => undefined);
    child = undefined;
    warm = false;
    running?.kill('SIGKILL');
  }

  async function convert(docx: Buffer): Promise<Buffer> {
    clearTimeout(idle);
    for (let tried = 1; ; tried += 1) {
      try {
        return await once(docx);
      } catch (error) {
        if (error instanceof Problem) throw error;
        await end();
        if (tried === TRIES) throw error;
      } finally {
        clearTimeout(idle);
        idle = setTimeout(() => void end(), IDLE_MS).unref();
      }
    }
  }

  return {
    convert(docx) {
      const result = queue.then(() => convert(docx));
      queue = result.catch(() => undefined);
      return result;
    },
    async stop() {
      await queue;
      await end();
    },
  };
}

/** The next message; `late` and the end of the process when there is none in time; an error when it ends by itself. */
function answer(child: ChildProcess, withinMs: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void) => {
      clearTimeout(timer);
      child.off('message', got).off('exit', gone);
      settle();
    };
    const got = (message: unknown) => done(() => resolve(message as Answer));
    const gone = (code: number | null, signal: string | null) =>
      done(() => reject(new Error(`LibreOffice ended (${signal ?? code})`)));
    const timer = setTimeout(
      () =>
        done(() => {
          child.kill('SIGKILL');
          resolve({ late: true });
        }),
      withinMs,
    );
    child.on('message', got).on('exit', gone);
  });
}
