/** Makes the parts of an app from the environment of a process: `api.ts`, `workers.ts`, `release.ts`, `demo.ts`. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { z } from 'zod';
import { createCamunda7 } from '../../../engine-adapters/camunda7/index.ts';
import { counterparts, createGatewayClient, createSystemsClient } from '../connectors/index.ts';
import { createTime, openDatabase, type Core, type DatabaseOptions } from '../core/index.ts';
import { createFileStore } from '../files/index.ts';
import type { AppOptions } from './app.ts';
import { DEMO_GATEWAY } from './http-app.ts';
import { keyFileOf } from './data-dir.ts';
import { failpointsFrom } from './failpoints.ts';

const Environment = z.object({
  RUN_DATABASE_URL: z.string().min(1),
  ENGINE_URL: z.url(),
  ENGINE_TOKEN: z.string().min(1),
  PORT: z.coerce.number().int().default(8080),
  DATA_DIR: z.string().min(1).default('.data'),
  PUBLIC_URL: z.string().optional(),
  ROOT_DIVISION: z
    .string()
    .regex(/^\d{6}$/)
    .default('520000'),
  DEMO: z.string().optional(),
  NODE_ENV: z.string().optional(),
  LOG_LEVEL: z.string().default('info'),
  /** Tests only: moves this process's time, in milliseconds. */
  TIME_OFFSET: z.coerce.number().int().default(0),
  MESSAGE_GATEWAY_URL: z.url().optional(),
  /** Addresses of outside systems by name, as JSON: `{"double-random":"https://…"}`. */
  OUTSIDE_SYSTEMS: z
    .string()
    .default('{}')
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'is no JSON' });
        return z.NEVER;
      }
    })
    .pipe(z.record(z.string(), z.url())),
  FAILPOINTS: z.string().optional(),
  /** Roles that flows may name, another file for a test's own flows. */
  ROLES_FILE: z.string().optional(),
  /** Milliseconds for which a command belongs to the process that sends it. */
  LEASE_MS: z.coerce.number().int().optional(),
});

export interface ProcessParts {
  core: Core;
  options: Pick<AppOptions, 'databaseUrl' | 'rolesFile' | 'leaseMs'>;
  databaseUrl: string;
  port: number;
  close(): Promise<void>;
}

/** Throws an error that names the variable that is missing or wrong. */
export async function openProcess(
  environment: Record<string, string | undefined>,
  database: Pick<DatabaseOptions, 'keepsStatements'> = {},
): Promise<ProcessParts> {
  const read = Environment.safeParse(environment);
  if (!read.success) throw new Error(read.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; '));
  const env = read.data;
  const production = env.NODE_ENV === 'production';
  const failpoints = failpointsFrom(env.FAILPOINTS, production);
  const db = openDatabase(env.RUN_DATABASE_URL, database);
  const engine = createCamunda7({ url: env.ENGINE_URL, token: env.ENGINE_TOKEN, failpoints });
  const demo = env.DEMO === '1';
  const log = pino({ level: env.LOG_LEVEL, redact: ['*.password', '*.token'] });
  const time = createTime(production ? 0 : env.TIME_OFFSET);
  const core: Core = {
    db,
    engine,
    time,
    failpoints,
    log,
    files: await createFileStore({ db, time }, { dir: join(env.DATA_DIR, 'files'), keyFile: keyFileOf(env.DATA_DIR) }),
    outside: {
      ...createGatewayClient(env.MESSAGE_GATEWAY_URL ?? (demo ? demoGateway(env.PORT) : undefined)),
      ...createSystemsClient({ urls: env.OUTSIDE_SYSTEMS, ...(demo && { standIn: counterparts() }) }),
    },
    settings: {
      publicUrl: env.PUBLIC_URL ?? `http://localhost:${env.PORT}`,
      rootDivision: env.ROOT_DIVISION,
      rootOffice: env.ROOT_DIVISION.replace(/(00)+$/, ''),
      production,
      demo,
      dataDir: env.DATA_DIR,
      sessionSecret: sessionSecret(env.DATA_DIR),
      maxUpload: 50 * 2 ** 20,
    },
  };
  return {
    core,
    options: {
      databaseUrl: env.RUN_DATABASE_URL,
      ...(env.ROLES_FILE && { rolesFile: env.ROLES_FILE }),
      ...(env.LEASE_MS && { leaseMs: env.LEASE_MS }),
    },
    databaseUrl: env.RUN_DATABASE_URL,
    port: env.PORT,
    async close() {
      await engine.close();
      await db.destroy();
    },
  };
}

/** The demonstration's api stands for the gateway too. */
const demoGateway = (port: number) => `http://127.0.0.1:${port}${DEMO_GATEWAY}`;

/** Made once under the data folder, so that sessions outlive a restart; several copies share the folder. */
function sessionSecret(dataDir: string): string {
  const folder = join(dataDir, 'keys');
  const file = join(folder, 'session.secret');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(file, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8');
}
