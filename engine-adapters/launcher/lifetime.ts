type Stop = () => Promise<void>;

/** What runs and has to be ended, the newest first. */
export function createLifetime() {
  const stops: Stop[] = [];
  const begun = new AbortController();
  return {
    /** Aborted when the end begins. */
    ended: begun.signal,
    /** Ends it at once when the end has begun already. */
    async add(stop: Stop): Promise<void> {
      if (begun.signal.aborted) await stop();
      else stops.push(stop);
    },
    async end(): Promise<void> {
      begun.abort();
      for (let stop = stops.pop(); stop; stop = stops.pop()) await stop();
    },
  };
}

export type Lifetime = ReturnType<typeof createLifetime>;
