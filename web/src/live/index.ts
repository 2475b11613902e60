/**
 * What is on the screen follows what others do, without reloading. A query says what it follows by
 * `meta: { live: 'inbox' }`; it is then asked for again, softly, whenever something of that kind has changed.
 */
import type { Query, QueryClient } from '@tanstack/vue-query';
import { inject, onScopeDispose, toValue, watch, type InjectionKey, type MaybeRefOrGetter } from 'vue';
import type { LiveKind } from '../../../contracts/live.ts';
import { API_ROOT } from '../api/index.ts';
import { createLive, type Live } from './live.ts';

export type { Live } from './live.ts';

declare module '@tanstack/vue-query' {
  interface Register {
    queryMeta: { live?: LiveKind };
  }
}

export const liveKey: InjectionKey<Live> = Symbol('live');

export function createBrowserLive(client: QueryClient): Live {
  return createLive({
    open: (path) => new EventSource(API_ROOT + path),
    async refresh(kinds) {
      const follows = ({ meta }: Pick<Query, 'meta'>) => meta?.live !== undefined && kinds.includes(meta.live);
      // An answer that is on its way may be older than the news: it is waited for, and asked for once more.
      const onTheWay = client.getQueryCache().findAll({ predicate: follows, fetchStatus: 'fetching' });
      await client.invalidateQueries({ predicate: follows }, { cancelRefetch: false });
      await client.invalidateQueries({ predicate: (query) => onTheWay.includes(query) }, { cancelRefetch: false });
    },
  });
}

export function useLive(): Live {
  const live = inject(liveKey);
  if (!live) throw new Error('no live provided');
  return live;
}

/** A tab that was out of sight for so long gives its stream back: browsers open six connections to one host. */
const OUT_OF_SIGHT_MS = 20_000;

/** Keeps the stream open while the caller lives and the tab is in sight; at once again when it comes back. */
export function useStream(): void {
  const live = useLive();
  let hiding: ReturnType<typeof setTimeout> | undefined;
  function follow() {
    clearTimeout(hiding);
    if (document.visibilityState === 'visible') live.start();
    else hiding = setTimeout(live.stop, OUT_OF_SIGHT_MS);
  }
  document.addEventListener('visibilitychange', follow);
  follow();
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', follow);
    clearTimeout(hiding);
    live.stop();
  });
}

/** Follows the case or draft on the screen too. */
export function useWatched(owner: MaybeRefOrGetter<string | undefined>): void {
  const live = useLive();
  watch(
    () => toValue(owner),
    (now) => live.watch(now),
    { immediate: true },
  );
  onScopeDispose(() => live.watch(undefined));
}

/** Whoever goes through a list by keys opens no stream for each row. */
const RESTING_MS = 700;

/** Follows a case that is looked at beside a list, once one rests on it; others don't see it as open. */
export function usePreviewed(owner: MaybeRefOrGetter<string>): void {
  const live = useLive();
  let resting: ReturnType<typeof setTimeout> | undefined;
  watch(
    () => toValue(owner),
    (now) => {
      clearTimeout(resting);
      resting = setTimeout(() => live.watch(now, true), RESTING_MS);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    clearTimeout(resting);
    live.watch(undefined);
  });
}
