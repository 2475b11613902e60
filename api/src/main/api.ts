/** The api process: serves the interface and everything below /api/v1. */
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { createApp } from './app.ts';
import { openProcess } from './process.ts';

const parts = await openProcess(process.env);
const app = await createApp(parts.core, {
  databaseUrl: parts.databaseUrl,
  webDir: fileURLToPath(new URL('../../../dist/web', import.meta.url)),
});
const server = createServer(app.http);
server.listen(parts.port, process.env.HOST ?? '127.0.0.1');
parts.core.log.info({ port: parts.port }, 'api');

async function stop(): Promise<void> {
  server.close();
  server.closeIdleConnections();
  await app.close();
  await parts.close();
  process.exit(0);
}
process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());
