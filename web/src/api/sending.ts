/**
 * Sends a file. A large one goes in parts: when the connection is cut, the next try goes on with what is not there yet,
 * also after a reload, when the same file is chosen again.
 */
import type { UploadState } from '../../../contracts/api/index.ts';
import { UPLOAD_PART } from '../../../contracts/uploads.ts';
import { ProblemError } from './problem.ts';

export interface SendingParts {
  /** @throws ProblemError; a passing one when the server could not be reached */
  call(method: string, path: string, init: RequestInit): Promise<unknown>;
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** Resolves after so many ms, or as soon as the network is back. */
  pause(ms: number): Promise<void>;
}

export interface Sent {
  name: string;
  size: number;
  lastModified: number;
  slice(from: number, to: number): Blob;
}

/** Waits between tries to reach the server, in ms; when it was not reached after the last one, a person says when. */
const WAITS = [1000, 2000, 4000, 8000, 15_000];
const gone = (error: unknown) => error instanceof ProblemError && error.status === 404;

/** Puts the file on the server and answers the upload's id; `progress` gets 0 to 1. */
export async function sendInParts(
  parts: SendingParts,
  file: Sent,
  progress: (share: number) => void = () => {},
  signal?: AbortSignal,
): Promise<string> {
  const { call, storage } = parts;
  const storedAs = `zhunyu.upload.${file.name}.${file.size}.${file.lastModified}`;
  const state = (method: string, path: string, init: RequestInit = {}) =>
    patiently(parts, signal, () => call(method, path, { signal, ...init }) as Promise<UploadState>);

  const begin = async (): Promise<UploadState> => {
    const body = JSON.stringify({ name: file.name, size: file.size });
    const begun = await state('POST', '/uploads', { body, headers: { 'content-type': 'application/json' } });
    storage.setItem(storedAs, begun.id);
    return begun;
  };
  async function resume(): Promise<UploadState> {
    const known = storage.getItem(storedAs);
    if (!known) return begin();
    return state('GET', `/uploads/${known}`).catch((error: unknown) => {
      if (gone(error)) return begin();
      throw error;
    });
  }

  const { id, received: before } = await resume();
  let received = before;
  while (received < file.size) {
    progress(received / file.size);
    const body = file.slice(received, Math.min(received + UPLOAD_PART, file.size));
    const headers = { 'content-type': 'application/octet-stream' };
    ({ received } = await state('PUT', `/uploads/${id}/parts/${received}`, { body, headers }));
  }
  progress(1);
  storage.removeItem(storedAs);
  return id;
}

async function patiently<T>(
  { pause }: SendingParts,
  signal: AbortSignal | undefined,
  attempt: () => Promise<T>,
): Promise<T> {
  for (const wait of WAITS) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ProblemError) || !error.passing || signal?.aborted) throw error;
      await pause(wait);
    }
  }
  return attempt();
}
