/**
 * One stream per tab in sight that says what has changed (`contracts/live.ts`). Where it is cut, the page asks
 * again by itself every half minute, and the stream is tried again after a growing, uneven pause.
 */
import { ref, type Ref } from 'vue';
import { LIVE_KINDS, type LiveEvent, type LiveKind } from '../../../contracts/live.ts';

/** What is used of an `EventSource`. */
export interface Source {
  addEventListener(event: LiveEvent | 'error', heard: (event: { data?: string }) => void): void;
  close(): void;
}

export interface LiveParts {
  open(path: string): Source;
  /** Asks again for what is on the screen and follows these kinds. */
  refresh(kinds: readonly LiveKind[]): Promise<unknown>;
}

export interface Live {
  /** `off`: not in sight or not signed in; `cut`: changes are seen within half a minute only. */
  state: Ref<'off' | 'on' | 'cut'>;
  start(): void;
  stop(): void;
  /** The case or draft on the screen; `preview`: without having it open for others to see. */
  watch(owner: string | undefined, preview?: boolean): void;
}

export const POLL_MS = 30_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** A page that was just opened has asked for all that it shows: what it missed while the stream changed can wait so long. */
const SETTLE_MS = 2_000;

export function createLive({ open, refresh }: LiveParts): Live {
  const state: Live['state'] = ref('off');
  const due = new Set<LiveKind>();
  let looking = false;
  let owner: string | undefined;
  let isPreview = false;
  let stream: Source | undefined;
  let losses = 0;
  let again: ReturnType<typeof setTimeout> | undefined;
  let polling: ReturnType<typeof setInterval> | undefined;
  let settling: ReturnType<typeof setTimeout> | undefined;

  /** One look at a time, so that a stream of changes never keeps cancelling the answers to the last one. */
  async function look(kinds: readonly LiveKind[]): Promise<void> {
    for (const kind of kinds) due.add(kind);
    if (looking) return;
    looking = true;
    while (due.size > 0) {
      const now = [...due];
      due.clear();
      await refresh(now);
    }
    looking = false;
  }

  function connect(settle = 0): void {
    clearTimeout(again);
    clearTimeout(settling);
    stream?.close();
    const opened = open(owner ? `/live?case=${owner}${isPreview ? '&preview=true' : ''}` : '/live');
    const on = (event: LiveEvent | 'error', act: (data: string) => void) =>
      opened.addEventListener(event, ({ data }) => opened === stream && act(data ?? ''));
    stream = opened;
    on('ready', () => {
      state.value = 'on';
      losses = 0;
      clearInterval(polling);
      if (settle) settling = setTimeout(() => void look(LIVE_KINDS), settle);
      else void look(LIVE_KINDS);
    });
    on('changed', (kinds) => void look(kinds.split(' ') as LiveKind[]));
    // Whoever was signed out learns it from the answers.
    on('ended', () => {
      lose();
      void look(LIVE_KINDS);
    });
    on('error', lose);
  }

  function lose(): void {
    stream?.close();
    stream = undefined;
    if (state.value !== 'cut') polling = setInterval(() => void look(LIVE_KINDS), POLL_MS);
    state.value = 'cut';
    const wait = Math.min(FIRST_WAIT_MS * 2 ** losses, LONGEST_WAIT_MS);
    losses += 1;
    again = setTimeout(connect, wait * (0.5 + Math.random()));
  }

  function stop(): void {
    stream?.close();
    stream = undefined;
    clearTimeout(again);
    clearInterval(polling);
    clearTimeout(settling);
    state.value = 'off';
  }

  return {
    state,
    start: () => void (stream || connect()),
    stop,
    watch(next, preview = false) {
      if (next === owner && preview === isPreview) return;
      owner = next;
      isPreview = preview;
      if (stream) connect(SETTLE_MS);
    },
  };
}
