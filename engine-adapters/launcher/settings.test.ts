import assert from 'node:assert/strict';
import { Problem } from './problem.ts';
import { readSettings } from './settings.ts';

describe('settings of npm start', () => {
  it('has a default for each', () => {
    assert.deepEqual(readSettings({}, '/project'), {
      port: 8080,
      databaseUrl: undefined,
      engineUrl: undefined,
      engineToken: undefined,
      dataDir: '/project/.data',
      publicUrl: 'http://localhost:8080',
      demo: true,
      mode: 'development',
    });
  });

  it('shows the demonstration in production only where it is asked for', () => {
    assert.equal(readSettings({ NODE_ENV: 'production' }, '/').demo, false);
    assert.equal(readSettings({ NODE_ENV: 'production', DEMO: '1' }, '/').demo, true);
    assert.equal(readSettings({ DEMO: '0' }, '/').demo, false);
  });

  it('takes an empty variable for none', () => {
    assert.equal(readSettings({ PORT: '', DATABASE_URL: '' }, '/').port, 8080);
  });

  it('names everything that is wrong at once', () => {
    const wrong = { PORT: '70000', DEMO: 'yes', DATABASE_URL: 'mysql://a', PUBLIC_URL: 'example.org' };
    assert.throws(
      () => readSettings(wrong, '/'),
      (error: Problem) => Object.keys(wrong).every((name) => error.zh.includes(name) && error.en.includes(name)),
    );
  });

  it('wants database and token with an engine elsewhere', () => {
    const url = { ENGINE_URL: 'http://engine:8081/engine-rest' };
    assert.throws(() => readSettings(url, '/'), /ENGINE_URL/);
    const all = { ...url, DATABASE_URL: 'postgres://a:b@db/zhunyu', ENGINE_TOKEN: 'x'.repeat(16) };
    assert.equal(readSettings(all, '/').engineUrl, url.ENGINE_URL);
  });
});
