/** For tests: a page that listens. */
import type { LiveEvent } from '../../../contracts/live.ts';

export interface LivePage {
  status: number;
  headers: Headers;
  /** The next event; null when the stream has ended. */
  next(): Promise<{ event: LiveEvent; data: string } | null>;
  close(): void;
}

/** `url` is that of the api, `cookie` that of somebody who has signed in. */
export async function openLive(url: string, cookie: string, owner?: string, preview = false): Promise<LivePage> {
  const gone = new AbortController();
  const query = owner ? `?case=${owner}&preview=${preview}` : '';
  const response = await fetch(`${url}/api/v1/live${query}`, { headers: { cookie }, signal: gone.signal });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    status: response.status,
    headers: response.headers,
    async next() {
      for (;;) {
        const found = /event: (\w+)\ndata: ?(.*)\n\n/.exec(text);
        if (found) {
          text = text.slice(found.index + found[0].length);
          return { event: found[1] as LiveEvent, data: found[2]! };
        }
        const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
        if (done) return null;
        text += value;
      }
    },
    close: () => gone.abort(),
  };
}
