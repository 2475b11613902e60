/**
 * Autosave of scalar fields: one request at a time, what is typed meanwhile goes with the next one. Nothing typed is
 * ever dropped: what the server has not taken is kept on this device until it has.
 */
import { computed, reactive, ref, type ComputedRef, type Ref } from 'vue';
import { ProblemError, type Said } from '../api/index.ts';

export type Data = Record<string, unknown>;

export interface Saved {
  edits: number;
  savedAt: string;
  computed: Data;
  sources: Record<string, Said>;
}

export interface Conflict {
  theirs: unknown;
  mine: unknown;
}

export type SaveStatus = 'saved' | 'waiting' | 'saving' | 'offline' | 'refused' | 'conflict';

export interface Saver {
  status: ComputedRef<SaveStatus>;
  savedAt: Ref<string | null>;
  /** Why the last save was refused as a whole. */
  problem: Ref<ProblemError | null>;
  /** Fields that the server did not take, and why. */
  refused: Record<string, Said>;
  /** Fields that somebody else changed meanwhile; they wait for `choose`. */
  conflicts: Record<string, Conflict>;
  change(key: string, value: unknown): void;
  /** Sends at once what waits; resolves when nothing is on its way any more. */
  flush(): Promise<void>;
  choose(key: string, which: 'mine' | 'theirs'): void;
  /** The server's data as just read. */
  seen(data: Data, savedAt: string | null): void;
  isWaiting(key: string): boolean;
  stop(): void;
}

interface Kept {
  edits: number;
  set: Data;
  /** What the server had when these fields were typed into. */
  base: Data;
}

export interface SaverParts {
  edits: number;
  savedAt: string | null;
  /** What the server has, as last seen here. */
  data: Data;
  send(set: Data, edits: number): Promise<Saved>;
  /** Called with what the server computed, and when others changed fields that this person did not touch. */
  saved(answer: Saved): void;
  stale(): void;
  /** Takes over the value of the other side. */
  take(key: string, value: unknown): void;
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  storedAs: string;
  /** Tells when the network is back. */
  events: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;
}

/** Pause in typing after which is saved, in ms. */
const PAUSE_MS = 600;
/** A server that does not answer is asked again after this time, in ms. */
const RETRY_MS = 5000;

/** What was kept on this device and never reached the server. */
export function keptFor(storage: SaverParts['storage'], storedAs: string): Kept | null {
  try {
    return JSON.parse(storage.getItem(storedAs) ?? 'null') as Kept | null;
  } catch {
    return null;
  }
}

export function createSaver(parts: SaverParts): Saver {
  let edits = parts.edits;
  let base: Data = { ...parts.data };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | undefined;
  const waiting = reactive<Data>({});
  const sending = ref<Data | null>(null);
  const unreached = ref(false);
  const savedAt = ref(parts.savedAt);
  const problem = ref<ProblemError | null>(null);
  const refused = reactive<Record<string, Said>>({});
  const conflicts = reactive<Record<string, Conflict>>({});

  const status = computed<SaveStatus>(() => {
    if (Object.keys(conflicts).length > 0) return 'conflict';
    if (problem.value || Object.keys(refused).length > 0) return 'refused';
    if (unreached.value) return 'offline';
    if (sending.value) return 'saving';
    return Object.keys(waiting).length > 0 ? 'waiting' : 'saved';
  });

  function keep() {
    const set = { ...sending.value, ...waiting };
    if (Object.keys(set).length === 0) parts.storage.removeItem(parts.storedAs);
    else parts.storage.setItem(parts.storedAs, JSON.stringify({ edits, set, base: baseOf(set) } satisfies Kept));
  }
  const baseOf = (set: Data) => Object.fromEntries(Object.keys(set).map((key) => [key, base[key] ?? null]));
  function schedule(ms: number) {
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), ms);
  }
  const ready = () => Object.keys(waiting).filter((key) => !(key in conflicts) && !(key in refused));

  async function sendOnce(keys: string[]): Promise<boolean> {
    const set: Data = Object.fromEntries(keys.map((key) => [key, waiting[key]]));
    for (const key of keys) delete waiting[key];
    sending.value = set;
    try {
      const answer = await parts.send(set, edits);
      edits = answer.edits;
      Object.assign(base, set);
      savedAt.value = answer.savedAt;
      unreached.value = false;
      problem.value = null;
      sending.value = null;
      parts.saved(answer);
      return true;
    } catch (error) {
      sending.value = null;
      for (const key of keys) if (!(key in waiting)) waiting[key] = set[key];
      if (!(error instanceof ProblemError)) throw error;
      return failed(error, keys);
    } finally {
      keep();
    }
  }

  /** True when the rest can be sent at once. */
  function failed(error: ProblemError, keys: string[]): boolean {
    if (error.passing) {
      unreached.value = true;
      schedule(RETRY_MS);
      return false;
    }
    unreached.value = false;
    const { theirs } = error.facts as { theirs?: Data };
    if (error.code === 'stale' && theirs) {
      edits = Number(error.facts.edits);
      for (const [key, value] of Object.entries(theirs))
        // Something else was changed elsewhere, this field was not.
        if (!isSame(value, base[key])) conflicts[key] = { theirs: value, mine: waiting[key] };
      Object.assign(base, theirs);
      parts.stale();
      return true;
    }
    const named = error.fields.filter((field) => keys.includes(field.path));
    for (const field of named) refused[field.path] = { zh: field.zh, en: field.en };
    if (named.length === 0) problem.value = error;
    return named.length > 0;
  }

  async function run() {
    for (let keys = ready(); keys.length > 0; keys = ready()) if (!(await sendOnce(keys))) return;
  }
  function flush(): Promise<void> {
    clearTimeout(timer);
    running ??= run().finally(() => (running = undefined));
    return running;
  }
  function change(key: string, value: unknown) {
    delete refused[key];
    problem.value = null;
    waiting[key] = value ?? null;
    if (key in conflicts) conflicts[key] = { ...conflicts[key]!, mine: value };
    keep();
    schedule(unreached.value ? RETRY_MS : PAUSE_MS);
  }
  function choose(key: string, which: 'mine' | 'theirs') {
    const conflict = conflicts[key];
    if (!conflict) return;
    delete conflicts[key];
    if (which === 'theirs') {
      delete waiting[key];
      parts.take(key, conflict.theirs);
      keep();
    }
    void flush();
  }
  const online = () => void flush();
  parts.events.addEventListener('online', online);

  const kept = keptFor(parts.storage, parts.storedAs);
  if (kept) {
    edits = kept.edits;
    Object.assign(waiting, kept.set);
    Object.assign(base, kept.base);
    schedule(0);
  }

  return {
    status,
    savedAt,
    problem,
    refused,
    conflicts,
    change,
    flush,
    choose,
    seen(data, at) {
      base = { ...data };
      savedAt.value = at;
    },
    isWaiting: (key) => key in waiting || key in (sending.value ?? {}),
    stop() {
      parts.events.removeEventListener('online', online);
      void flush();
    },
  };
}

const isSame = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
