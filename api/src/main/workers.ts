/** The workers' process: external tasks, engine events, commands that were not carried out at once, and the clock's tick. */
import { createApp } from './app.ts';
import { openProcess } from './process.ts';

const parts = await openProcess(process.env);
const app = await createApp(parts.core, parts.options);
await app.startWorkers();
parts.core.log.info('workers');

async function stop(): Promise<void> {
  await app.close();
  await parts.close();
  process.exit(0);
}
process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());
