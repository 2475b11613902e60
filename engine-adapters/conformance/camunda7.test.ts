import pg from 'pg';
import { createCamunda7 } from '../camunda7/index.ts';
import { openBench } from '../launcher/bench-client.ts';
import { conformance } from './index.ts';

conformance('Camunda 7', async ({ executor }) => {
  const bench = await openBench();
  const database = await bench.createDatabase();
  const engine = await bench.openEngine(database, { executor });
  const app = new pg.Pool({ connectionString: database.appUrl, max: 4 });
  const port = createCamunda7({ url: engine.url, token: engine.token });
  const stranger = createCamunda7({ url: engine.url, token: 'not the token' });
  return {
    port,
    stranger,
    sql: async (text, values) => (await app.query(text, values)).rows,
    async locking(text, act) {
      const client = await app.connect();
      await client.query(`begin; ${text}`);
      await act();
      await client.query('rollback');
      client.release();
    },
    async close() {
      await Promise.all([port.close(), stranger.close(), app.end()]);
      await engine.close();
      await database.drop();
    },
  };
});
