/** Makes the demonstration where it is missing and prints its accounts; run by `npm start` with `DEMO=1`. */
import { createApp } from './app.ts';
import { accountTable, DEMO_PASSWORD, seedDemo } from './demonstration/index.ts';
import { openProcess } from './process.ts';

const password = process.env.DEMO_PASSWORD || DEMO_PASSWORD;
const parts = await openProcess({ LOG_LEVEL: 'error', ...process.env });
const app = await createApp(parts.core, { databaseUrl: parts.databaseUrl });
await seedDemo({ core: parts.core, ...app }, password);
process.stdout.write(`${accountTable(password)}\n`);
await app.close();
await parts.close();
