import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Core } from '../../core/index.ts';
import { createTopics, type TopicDeps } from './index.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const project = fileURLToPath(new URL('../../../../', import.meta.url));
const folders = readdirSync(here).filter((name) => statSync(join(here, name)).isDirectory());
const topics = createTopics({} as Core, {} as TopicDeps);

describe('topics', () => {
  it('are the folders, each with a guide that names its inputs, and a test [PLT-4.1]', () => {
    assert.deepEqual(topics.map(({ name }) => name).sort(), folders.sort());
    for (const { name, input } of topics) {
      const guide = readFileSync(join(here, name, 'README.md'), 'utf8');
      assert.match(guide, /\p{Script=Han}/u, `${name}: the guide is for analysts`);
      assert.ok(guide.includes(`camunda:topic="${name}"`), `${name}: the guide shows no example`);
      const inputs = Object.keys(z.toJSONSchema(input, { io: 'input' }).properties ?? {});
      assert.deepEqual(
        inputs.filter((one) => !guide.includes(`\`${one}\``)),
        [],
        `${name}: inputs without a word`,
      );
      assert.ok(existsSync(join(here, name, 'handler.test.ts')), `${name} has no test`);
    }
  });

  it('declare title, effect, input, output and errors [PLT-4.1]', () => {
    for (const { name, title, effect, input, output, errors } of topics) {
      assert.ok(title.zh && title.en, name);
      assert.ok(['repeat', 'once', 'replace'].includes(effect), name);
      assert.ok(input && output && Array.isArray(errors), name);
    }
  });

  it('and everything else know no flow by its name [PLT-4.1]', () => {
    const flows = readdirSync(join(project, 'workflows'), { withFileTypes: true })
      .filter((entry) => existsSync(join(project, 'workflows', entry.name, 'flow.json')))
      .map(({ name }) => name);
    assert.ok(flows.length > 0);
    const named = new RegExp(`(['"\`])(${flows.join('|')})\\1`);
    const sources = ['api/src', 'contracts', 'engine-adapters', 'web/src'].flatMap((folder) =>
      readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.(ts|vue|mjs)$/.test(file) && !/\.test\.ts$|(^|\/|\.)testing\.ts$|node_modules/.test(file))
        .map((file) => join(folder, file)),
    );
    const naming = sources.flatMap((file) =>
      readFileSync(join(project, file), 'utf8')
        .split('\n')
        .flatMap((line, i) => (named.test(line) ? `${file}:${i + 1} ${line.trim()}` : [])),
    );
    assert.deepEqual(naming, []);
  });
});
