import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Fonts } from '../fonts.ts';
import type { WordToPdf } from './index.ts';
import { prepareModule } from './module.ts';

const START_MS = 40_000;
const CONVERT_MS = 60_000;
const IDLE_MS = 60_000;
/** A conversion that broke down is tried again in a new process. */
const TRIES = 2;

type Answer = { ready: true } | { pdf: Uint8Array } | { error: string };

/** One child process (1.3 GB) for all documents of this app; started at the first, ended after a minute without any. */
export function createWasm({ fonts, dataDir }: { fonts: Fonts; dataDir: string }): WordToPdf {
  let child: Promise<ChildProcess> | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  let idle: NodeJS.Timeout | undefined;

  async function start(): Promise<ChildProcess> {
    const files = [fonts.serif, fonts.serifBold, fonts.sans, fonts.sansBold].map((font) => font.path);
    const started = fork(fileURLToPath(new URL('./child.mjs', import.meta.url)), [prepareModule(dataDir), ...files], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    await answer(started, START_MS);
    return started;
  }

  async function once(docx: Buffer): Promise<Buffer> {
    const running = await (child ??= start());
    const waiting = answer(running, CONVERT_MS);
    running.send({ docx });
    const got = await waiting;
    if ('pdf' in got) return Buffer.from(got.pdf);
    throw new Error('error' in got ? got.error : 'LibreOffice answered nothing');
  }

  async function end(): Promise<void> {
    clearTimeout(idle);
    const running = await child?.catch(() => undefined);
    child = undefined;
    running?.kill('SIGKILL');
  }

  async function convert(docx: Buffer): Promise<Buffer> {
    clearTimeout(idle);
    for (let tried = 1; ; tried += 1) {
      try {
        return await once(docx);
      } catch (error) {
        await end();
        if (tried === TRIES) throw error;
      } finally {
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

/** The next message, or an error when the process ends or takes too long. */
function answer(child: ChildProcess, withinMs: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void) => {
      clearTimeout(timer);
      child.off('message', got).off('exit', gone);
      settle();
    };
    const got = (message: unknown) => done(() => resolve(message as Answer));
    const gone = () => done(() => reject(new Error('LibreOffice ended')));
    const timer = setTimeout(
      () =>
        done(() => {
          child.kill('SIGKILL');
          reject(new Error(`LibreOffice did not answer within ${withinMs / 1000} s`));
        }),
      withinMs,
    );
    child.on('message', got).on('exit', gone);
  });
}
