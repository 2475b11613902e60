import { resolve } from 'node:path';
import { z } from 'zod';
import { Problem } from './problem.ts';

const onOff = z.enum(['0', '1'], '应为 0 或 1 (must be 0 or 1)').transform((value) => value === '1');
const address = (...protocols: string[]) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    error: `应为以 ${protocols.join('// 或 ')}// 开头的地址 (must be such an address)`,
  });
const port = z.coerce
  .number('应为端口号 (must be a port)')
  .int('应为端口号 (must be a port)')
  .min(1, '应为 1–65535 的端口号 (must be a port)')
  .max(65535, '应为 1–65535 的端口号 (must be a port)');

const SCHEMA = z
  .object({
    PORT: port.default(8080),
    /** A real server instead of the PostgreSQL that npm brought; the role must be allowed to make roles. */
    DATABASE_URL: address('postgres:', 'postgresql:').optional(),
    /** REST base of an engine that runs elsewhere on the same database. */
    ENGINE_URL: address('http:', 'https:').optional(),
    ENGINE_TOKEN: z.string().min(16, '至少 16 个字符 (at least 16 characters)').optional(),
    /** Relative to the project's folder. */
    DATA_DIR: z.string().min(1).default('.data'),
    PUBLIC_URL: address('http:', 'https:').optional(),
    DEMO: onOff.optional(),
    NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  })
  .refine((given) => !given.ENGINE_URL || (given.DATABASE_URL && given.ENGINE_TOKEN), {
    path: ['ENGINE_URL'],
    error: '须与 DATABASE_URL、ENGINE_TOKEN 一同设置 (needs DATABASE_URL and ENGINE_TOKEN)',
  });

export interface Settings {
  port: number;
  databaseUrl?: string;
  engineUrl?: string;
  engineToken?: string;
  /** Absolute path. */
  dataDir: string;
  publicUrl: string;
  demo: boolean;
  mode: 'development' | 'production' | 'test';
}

/** Reads the settings of `npm start`; an empty variable counts as not given. Throws one {@link Problem} with all that is wrong. */
export function readSettings(environment: Record<string, string | undefined>, root: string): Settings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const read = SCHEMA.safeParse(given);
  if (!read.success) {
    const wrong = read.error.issues.map(({ path, message }) => `${path.join('.')}：${message}`).join('；');
    throw new Problem('settings', `环境变量有误：${wrong}`, `Environment variables are wrong: ${wrong}`);
  }
  const settings = read.data;
  return {
    port: settings.PORT,
    databaseUrl: settings.DATABASE_URL,
    engineUrl: settings.ENGINE_URL,
    engineToken: settings.ENGINE_TOKEN,
    dataDir: resolve(root, settings.DATA_DIR),
    publicUrl: settings.PUBLIC_URL ?? `http://localhost:${settings.PORT}`,
    demo: settings.DEMO ?? settings.NODE_ENV !== 'production',
    mode: settings.NODE_ENV,
  };
}
