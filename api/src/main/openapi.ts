/** OpenAPI 3.1 from the same schemas that check requests and answers. */
import { z } from 'zod';
import type { AnyRoute } from '../core/index.ts';

type Json = Record<string, unknown>;

export function openapi(routes: AnyRoute[]): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method] = {
      summary: route.title.zh,
      description: route.title.en,
      'x-rights': route.rights,
      parameters: [...parameters(route.params, 'path', route.path), ...parameters(route.query, 'query')],
      ...(route.body && {
        requestBody: { required: true, content: { 'application/json': { schema: schema(route.body) } } },
      }),
      responses: {
        [route.status ?? 200]:
          route.answer === 'file'
            ? { description: 'file' }
            : { description: 'answer', content: { 'application/json': { schema: schema(route.answer) } } },
        default: {
          description: 'problem',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    };
  }
  return {
    openapi: '3.1.0',
    info: { title: '准予 Zhunyu', version: '1' },
    servers: [{ url: '/api/v1' }],
    paths,
    components: { schemas: { Problem: schema(ProblemBody) } },
  };
}

const ProblemBody = z.object({
  type: z.string(),
  code: z.string(),
  status: z.number().int(),
  title: z.string(),
  zh: z.string(),
  en: z.string(),
  fields: z.array(z.object({ path: z.string(), zh: z.string(), en: z.string() })).optional(),
  facts: z.record(z.string(), z.unknown()).optional(),
});

function schema(type: z.ZodType): Json {
  return z.toJSONSchema(type, { unrepresentable: 'any', io: 'input' }) as Json;
}

function parameters(type: z.ZodType | undefined, place: 'path' | 'query', path = ''): Json[] {
  const described = type ? (schema(type) as { properties?: Record<string, Json>; required?: string[] }) : {};
  const names =
    place === 'path' ? [...path.matchAll(/:(\w+)/g)].map((m) => m[1]!) : Object.keys(described.properties ?? {});
  return names.map((name) => ({
    name,
    in: place,
    required: place === 'path' || (described.required ?? []).includes(name),
    schema: described.properties?.[name] ?? { type: 'string' },
  }));
}
