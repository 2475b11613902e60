/** Files on their way to a field: several at once, each with how far it is and what the server says of it. */
import { onScopeDispose, reactive } from 'vue';
import { ProblemError, useApi, type Said } from '../api/index.ts';
import type { FileValue } from '../../../contracts/kinds/index.ts';
import { useForm } from './model.ts';

export interface Sending {
  name: string;
  /** 0 to 1. */
  share: number;
  problem: Said | null;
  again: (() => void) | null;
}

/** `field`: its key, or `table.column`; `arrived` gets each file that the server has taken. */
export function useUpload(field: () => string, arrived: (file: FileValue, sent: File) => void) {
  const api = useApi();
  const form = useForm();
  const stop = new AbortController();
  onScopeDispose(() => stop.abort());
  const sending = reactive<Sending[]>([]);

  async function send(file: File, entry = begin(file)): Promise<void> {
    entry.problem = entry.again = null;
    try {
      const path = `${form.base}/files/${field()}`;
      await form.whileArriving(field().split('.')[0]!, async () => {
        const kept = await api.send<FileValue>(path, file, (share) => (entry.share = share), stop.signal);
        forget(entry);
        arrived(kept, file);
      });
    } catch (error) {
      if (!(error instanceof ProblemError)) return forget(entry);
      entry.problem = error.fields[0] ?? error.said;
      if (error.passing) entry.again = () => void send(file, entry);
    }
  }
  function begin(file: File): Sending {
    sending.push({ name: file.name, share: 0, problem: null, again: null });
    return sending.at(-1)!;
  }
  function forget(entry: Sending) {
    const at = sending.indexOf(entry);
    if (at >= 0) sending.splice(at, 1);
  }
  return { sending, send, forget };
}
