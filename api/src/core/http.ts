/**
 * One way to write a route: what it takes and gives (zod), who may call it, and the handler. From the same
 * declaration come the checks, the rights matrix, the OpenAPI document and the refusal test.
 */
import { createHmac } from 'node:crypto';
import type { Request, Response, Router } from 'express';
import type { z } from 'zod';
import type { Core, Who } from './parts.ts';
import { inProgress, invalidInput, keyReused, notAllowed, notSignedIn } from './problem.ts';
import { wordsOf } from './wording.ts';

/** `object`: signed in, and the handler finds the thing only within the caller's scope (`not-found` or `not-yours` otherwise). */
export type Rights =
  | { kind: 'public' }
  | { kind: 'signed-in' }
  | { kind: 'object' }
  | { kind: 'role'; roles: string[] }
  | { kind: 'staff' }
  | { kind: 'applicant' };

export interface Call<P, Q, B> {
  who: Who;
  params: P;
  query: Q;
  body: B;
  req: Request;
  res: Response;
}

export interface Route<P = unknown, Q = unknown, B = unknown, A = unknown> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below /api/v1, express style: `/tasks/:task/decision`. */
  path: string;
  title: { zh: string; en: string };
  rights: Rights;
  params?: z.ZodType<P>;
  query?: z.ZodType<Q>;
  /** Absent: the handler reads the request itself (uploads). */
  body?: z.ZodType<B>;
  /** Schema of a JSON answer; `file` when the handler writes the response itself. */
  answer: z.ZodType<A> | 'file';
  status?: number;
  handle(call: Call<P, Q, B>): Promise<A>;
}

/** Only infers the types of one declaration; the list of an area is `AnyRoute[]`. */
export function defineRoute<P, Q, B, A>(route: Route<P, Q, B, A>): AnyRoute {
  return route as unknown as AnyRoute;
}
export type AnyRoute = Route<never, never, never, unknown>;

/** Finds the caller of a request, or null. */
export type Identify = (req: Request) => Promise<Who | null>;

/** Adds routes to a router. Answers of writes with an `Idempotency-Key` are kept for 24 h (architecture 5.1). */
export function mount(router: Router, routes: AnyRoute[], core: Core, identify: Identify): void {
  for (const route of routes) {
    router[route.method](route.path, async (req, res) => {
      const who = route.rights.kind === 'public' ? null : await identify(req);
      if (route.rights.kind !== 'public') checkRights(route.rights, who);
      const call = {
        who,
        params: parseInput(route.params, req.params, ''),
        query: parseInput(route.query, req.query, ''),
        body: parseInput(route.body, req.body, ''),
        req,
        res,
      } as unknown as Call<never, never, never>;
      const key = route.method === 'get' ? undefined : req.get('idempotency-key');
      const answer =
        key && who ? await once(core, who, route, key, req, () => route.handle(call)) : await route.handle(call);
      if (route.answer !== 'file' && !res.headersSent) res.status(route.status ?? 200).json(answer ?? {});
    });
  }
}

/** The right that does not depend on the object. Throws `not-signed-in` or `not-allowed`. */
export function checkRights(rights: Rights, who: Who | null): asserts who is Who {
  if (!who) throw notSignedIn();
  if (rights.kind === 'staff' && who.kind !== 'staff') throw notAllowed();
  if (rights.kind === 'applicant' && who.kind !== 'applicant') throw notAllowed();
  if (rights.kind === 'role' && !who.grants.some((g) => rights.roles.includes(g.role))) throw notAllowed();
}

/** @throws invalid-input whose fields point below `at` */
export function parseInput(schema: z.ZodType | undefined, value: unknown, at: string): unknown {
  if (!schema) return value;
  const result = schema.safeParse(value ?? {});
  if (result.success) return result.data;
  throw invalidInput({
    fields: result.error.issues.map((issue) => ({
      path: [at, ...issue.path.map(String)].filter(Boolean).join('/'),
      ...wordsOf(issue),
    })),
  });
}

/** Runs a write once per person, route and key; a second one gets the first one's answer, or 409 while it runs. */
async function once(
  core: Core,
  who: Who,
  route: AnyRoute,
  key: string,
  req: Request,
  run: () => Promise<unknown>,
): Promise<unknown> {
  if (key.length > 200)
    throw invalidInput({
      fields: [{ path: 'Idempotency-Key', zh: '不超过 200 个字符', en: 'At most 200 characters' }],
    });
  const name = `${route.method} ${route.path}`;
  const hash = createHmac('sha256', core.settings.sessionSecret)
    .update(req.originalUrl)
    .update('\0')
    .update(JSON.stringify(req.body ?? null))
    .digest('hex');
  const at = { person_id: who.personId, route: name, key };
  const claimed = await core
    .db('idempotency')
    .insert({ ...at, body_hash: hash })
    .onConflict(['person_id', 'route', 'key'])
    .ignore()
    .returning('key');
  if (claimed.length === 0) {
    const seen = await core.db('idempotency').where(at).first();
    if (!seen) throw inProgress({ retryAfter: 1 });
    if (seen.body_hash !== hash) throw keyReused();
    if (seen.answer !== null) return seen.answer;
    // A process that died in between leaves the row without an answer; after 20 seconds, longer than any request takes, the key may be used again.
    const revived = await core
      .db('idempotency')
      .where(at)
      .whereNull('answer')
      .whereRaw("created_at < clock_timestamp() - interval '20 seconds'")
      .update({ created_at: core.db.raw('clock_timestamp()') });
    if (revived === 0) throw inProgress({ retryAfter: 2 });
  }
  try {
    const answer = (await run()) ?? {};
    await core
      .db('idempotency')
      .where(at)
      .update({ answer: JSON.stringify(answer) });
    return answer;
  } catch (error) {
    await core.db('idempotency').where(at).whereNull('answer').delete();
    throw error;
  }
}
