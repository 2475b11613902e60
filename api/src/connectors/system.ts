/** What a connector declares of an outside system; sending, repeating and keeping is the same for all. */
import type { z } from 'zod';

export interface SystemMessage {
  title: { zh: string; en: string };
  /** Below the system's address, such as `/objects`. */
  path: string;
  request: z.ZodType<Record<string, unknown>>;
  /** Values of the answer go to the case as `<receive step>_<name>`. */
  answer: z.ZodType<Record<string, string | number | boolean | null>>;
}

/** The other side knows a repetition by its `Idempotency-Key` and answers as it did the first time. */
export interface OutsideSystem {
  id: string;
  title: { zh: string; en: string };
  messages: Record<string, SystemMessage>;
  /** Answers like the real one; `key` is that of the call. */
  counterpart(): Counterpart;
}

export type Counterpart = (call: OutsideCall) => OutsideAnswer;

export interface OutsideCall {
  system: string;
  path: string;
  key: string;
  body: unknown;
}

export interface OutsideAnswer {
  status: number;
  body: unknown;
}
