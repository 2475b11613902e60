/** The only door: one express app with every area's routes, the web pages, health and the description of the API. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import { createGatewayServer } from '../connectors/index.ts';
import type { AnyRoute, Core, Identify } from '../core/index.ts';
import { invalidInput, mount, notFound, Problem } from '../core/index.ts';
import { openapi } from './openapi.ts';

export interface HttpParts {
  routes: AnyRoute[];
  identify: Identify;
  middleware: RequestHandler[];
  /** Built web pages; absent in tests. */
  webDir?: string;
  ready(): Promise<Record<string, boolean>>;
}

/** Where the demonstration's message gateway stands; a browser sees there what would have been sent. */
export const DEMO_GATEWAY = '/demo/messages';

const BODY_LIMIT = '4mb';

export function createHttpApp(core: Core, { routes, identify, middleware, webDir, ready }: HttpParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', 'loopback');
  app.use(
    helmet({
      contentSecurityPolicy: {
        directives: {
          defaultSrc: ["'self'"],
          scriptSrc: ["'self'"],
          styleSrc: ["'self'", "'unsafe-inline'"],
          imgSrc: ["'self'", 'data:', 'blob:'],
          mediaSrc: ["'self'", 'blob:'],
          workerSrc: ["'self'", 'blob:'],
          objectSrc: ["'none'"],
          frameAncestors: ["'self'"],
          upgradeInsecureRequests: core.settings.publicUrl.startsWith('https:') ? [] : null,
        },
      },
      strictTransportSecurity: core.settings.publicUrl.startsWith('https:') ? undefined : false,
    }),
  );
  app.get('/healthz', (_req, res) => void res.json({ alive: true }));
  app.get('/readyz', async (_req, res) => {
    const parts = await ready();
    res.status(Object.values(parts).every(Boolean) ? 200 : 503).json(parts);
  });

  if (core.settings.demo) app.use(DEMO_GATEWAY, createGatewayServer().router);

  const api = express.Router();
  const description = openapi(routes);
  api.use(express.json({ limit: BODY_LIMIT }));
  api.use(...middleware);
  api.get('/openapi.json', (_req, res) => void res.json(description));
  mount(api, routes, core, identify);
  api.use(() => {
    throw notFound({ zh: '没有这个接口', en: 'No such route' });
  });
  app.use('/api/v1', api);

  if (webDir && existsSync(webDir)) {
    app.use(
      express.static(webDir, {
        index: false,
        maxAge: '1h',
        setHeaders: (res, path) =>
          path.includes(`${join(webDir, 'assets')}`) &&
          res.setHeader('cache-control', 'public, max-age=31536000, immutable'),
      }),
    );
    app.get(
      /^(?!\/api\/).*/,
      (_req, res) => void res.sendFile(join(webDir, 'index.html'), { headers: { 'cache-control': 'no-cache' } }),
    );
  }
  app.use(answerError(core));
  return app;
}

/** Every error leaves as `application/problem+json`; what nobody foresaw is logged and told with a reference only. */
function answerError(core: Core): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error);
    const problem = asProblem(error);
    if (problem.status >= 500)
      core.log.error(
        {
          method: req.method,
          path: req.path,
          error: error instanceof Error ? { message: error.message, stack: error.stack } : String(error),
        },
        'request failed',
      );
    if (problem.retryAfter !== undefined) res.setHeader('retry-after', String(problem.retryAfter));
    res.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  };
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { type, status } = (error ?? {}) as { type?: string; status?: number };
  if (type === 'entity.parse.failed') return invalidInput({ zh: '请求不是 JSON', en: 'The request is no JSON' });
  if (type === 'entity.too.large')
    return new Problem('too-large', 413, `请求超过 ${BODY_LIMIT}`, `The request is larger than ${BODY_LIMIT}`);
  // A path or a header that express itself refuses to read.
  if (typeof status === 'number' && status >= 400 && status < 500)
    return invalidInput({ zh: '请求的写法不对', en: 'The request is malformed' });
  const { code } = (error ?? {}) as { code?: string };
  // A uuid in the address that is none, and the like.
  if (code === '22P02') return notFound();
  // A zero byte, which PostgreSQL keeps neither in text nor in JSON.
  if (code === '22021' || code === '22P05')
    return invalidInput({
      zh: '内容里有不能保存的字符，删去再试',
      en: 'The content has characters that cannot be kept',
    });
  return new Problem(
    'unexpected',
    500,
    '没有办成，已记录，稍后再试',
    'Not carried out; it was recorded, try again later',
  );
}
