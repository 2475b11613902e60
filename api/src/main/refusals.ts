/** For tests: walks all routes and says which of them answered somebody whom they should have refused. */
import { z } from 'zod';
import type { AnyRoute } from '../core/index.ts';

type Send = (method: string, path: string, body?: unknown) => Promise<{ status: number }>;

export interface RefusalWorld {
  /** Values of path parameters by name: things that exist and that none of the strangers may see. */
  params: Record<string, string>;
  /** Parameters that name nobody's property, such as a year. Their routes are refused by role only. */
  common: string[];
  /** A body that the route's schema accepts, where one made from the schema alone isn't: `post /offices` → body. */
  bodies?: Record<string, unknown>;
  strangers: {
    /** Without a session. */
    nobody: Send;
    /** Staff that holds no role. */
    roleless: Send;
    /** Staff that holds every role, at an office elsewhere. */
    elsewhere: Send;
    /** Acts for another institution. */
    applicant: Send;
  };
}

type Stranger = keyof RefusalWorld['strangers'];

/** Answers what was not refused, as `who method path → status`; and what could not be tried. Empty: all is well. */
export async function refusals(routes: AnyRoute[], world: RefusalWorld): Promise<string[]> {
  const found: string[] = [];
  for (const route of routes) {
    const name = `${route.method} ${route.path}`;
    if (route.rights.kind === 'public') continue;
    const missing = paramsOf(route).filter((param) => world.params[param] === undefined);
    if (missing.length > 0) {
      found.push(`${name}: no value for ${missing.join(', ')}`);
      continue;
    }
    const path = route.path.replace(/:(\w+)/g, (_, param: string) => encodeURIComponent(world.params[param] ?? ''));
    const body = world.bodies?.[name] ?? (route.body && sample(z.toJSONSchema(route.body, { io: 'input' })));
    for (const [stranger, allowed] of expected(route, world.common)) {
      const { status } = await world.strangers[stranger](route.method.toUpperCase(), path, body);
      if (!allowed.includes(status)) found.push(`${stranger} ${name} → ${status}`);
    }
  }
  return found;
}

/** Who must be refused, and how. */
function expected(route: AnyRoute, common: string[]): [Stranger, number[]][] {
  const { kind } = route.rights;
  if (kind === 'public') return [];
  const owned = paramsOf(route).some((param) => !common.includes(param));
  const signedIn: Record<Exclude<typeof kind, 'public'>, [Stranger, number[]][]> = {
    'signed-in': [],
    object: [
      ['roleless', [403, 404]],
      ['elsewhere', [403, 404]],
      ['applicant', [403, 404]],
    ],
    role: [
      ['roleless', [403]],
      ['applicant', [403]],
      ...(owned ? ([['elsewhere', [403, 404]]] as [Stranger, number[]][]) : []),
    ],
    staff: [['applicant', [403]]],
    applicant: [['roleless', [403]], ...(owned ? ([['applicant', [403, 404]]] as [Stranger, number[]][]) : [])],
  };
  return [['nobody', [401]], ...signedIn[kind]];
}

const paramsOf = (route: AnyRoute) => [...route.path.matchAll(/:(\w+)/g)].map(([, param]) => param ?? '');

type Schema = z.core.JSONSchema.BaseSchema;

/** The least that a schema accepts; patterns are left to `bodies`. */
function sample(schema: Schema): unknown {
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const [choice] = schema.anyOf ?? schema.oneOf ?? [];
  if (choice) return sample(choice as Schema);
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        (schema.required ?? []).map((key) => [key, sample((schema.properties?.[key] ?? {}) as Schema)]),
      );
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => sample((schema.items ?? {}) as Schema));
    case 'string':
      return FORMATS[schema.format ?? ''] ?? 'x'.repeat(Math.max(1, schema.minLength ?? 1));
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return false;
    default:
      return null;
  }
}

const FORMATS: Record<string, string> = {
  uuid: '00000000-0000-4000-8000-000000000000',
  'date-time': '2026-11-21T02:32:00Z',
  date: '2026-11-21',
  email: 'a@example.com',
};
