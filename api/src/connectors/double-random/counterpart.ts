/** Behaves like the platform, for tests and the demonstration: one entry per credit code and category. */
import { createHash } from 'node:crypto';
import type { Counterpart } from '../system.ts';
import { InspectionObject } from './contract.ts';

export function counterpart(): Counterpart {
  const answered = new Map<string, { status: number; body: unknown }>();
  const listed = new Set<string>();
  return ({ path, key, body }) => {
    const before = answered.get(key);
    if (before) return before;
    if (path !== '/objects') return { status: 404, body: { message: `no ${path}` } };
    const read = InspectionObject.safeParse(body);
    if (!read.success) return { status: 400, body: { message: read.error.issues[0]?.message } };
    const entry = `${read.data.uscc} ${read.data.category}`;
    const outcome = listed.has(entry) ? 'refused' : 'listed';
    listed.add(entry);
    const receipt = `SSJ${createHash('sha256').update(key).digest('hex').slice(0, 12).toUpperCase()}`;
    const answer = { status: 200, body: { outcome, receipt } };
    answered.set(key, answer);
    return answer;
  };
}
