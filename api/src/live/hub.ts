/** Who hears what: addresses of the open pages of this api copy, and for each page what it was not yet told. */
import { LIVE_KINDS, type LiveKind } from '../../../contracts/live.ts';

/** One open page. */
export interface Page {
  /** Group rows, `case:<id>` and `session:<hash>`, as producers name them. */
  addresses: string[];
  send(kinds: LiveKind[]): void;
  /** The session has ended or the rights are others. */
  end(): void;
}

export interface Hub {
  /** Answers how to take the page out. */
  add(page: Page): () => void;
  /** `<kind> <address>`, as it was told on the channel; what nobody knows is left. */
  told(payload: string): void;
}

/** A page hears of one kind once in so many milliseconds at most; what came meanwhile is told with the next. */
export const PAUSE_MS = 500;
/** What one transaction tells comes as several notifications. */
const GATHER_MS = 30;

export function createHub(): Hub {
  const byAddress = new Map<string, Set<Seat>>();

  interface Seat {
    page: Page;
    waiting: Set<LiveKind>;
    timer: NodeJS.Timeout | undefined;
    /** When it was last told something, in milliseconds of `performance.now()`. */
    at: number;
  }

  function flush(seat: Seat): void {
    const kinds = [...seat.waiting];
    seat.waiting.clear();
    seat.timer = undefined;
    seat.at = performance.now();
    seat.page.send(kinds);
  }

  return {
    add(page) {
      const seat: Seat = { page, waiting: new Set(), timer: undefined, at: -Infinity };
      for (const address of page.addresses) {
        const seats = byAddress.get(address) ?? new Set();
        byAddress.set(address, seats.add(seat));
      }
      return () => {
        clearTimeout(seat.timer);
        for (const address of page.addresses) {
          const seats = byAddress.get(address);
          seats?.delete(seat);
          if (seats?.size === 0) byAddress.delete(address);
        }
      };
    },

    told(payload) {
      const cut = payload.indexOf(' ');
      const [kind, address] = [payload.slice(0, cut), payload.slice(cut + 1)];
      for (const seat of [...(byAddress.get(address) ?? [])]) {
        if (kind === 'rights') seat.page.end();
        if (!isKind(kind)) continue;
        seat.waiting.add(kind);
        seat.timer ??= setTimeout(flush, Math.max(GATHER_MS, seat.at + PAUSE_MS - performance.now()), seat);
      }
    },
  };
}

const isKind = (text: string): text is LiveKind => (LIVE_KINDS as readonly string[]).includes(text);
