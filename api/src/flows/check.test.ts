import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TableField } from '../../../contracts/forms/index.ts';
import { knownTopics } from '../main/known-topics.ts';
import { checkPackage } from './check.ts';
import { compiled, packagePlaces, readPackage, readShared, withoutEnglish } from './index.ts';
import { modelRules, packageRules } from './rules/index.ts';
import { brokenPackages } from './testing-broken.ts';
import { docx, samplePackage, shared, topics as simple } from './testing.ts';

const folder = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url));
const topics = [...simple, ...knownTopics().filter(({ name }) => name === 'notify')];

describe('flow -- check', () => {
  it('finds nothing in a package that is right', async () => {
    assert.deepEqual(await checkPackage(samplePackage(), shared, topics), []);
  });

  it('knows what templates may read', async () => {
    const source = samplePackage();
    const text =
      '{form.name}{#tables.sites}{index}{address}{form.name}{/}{deadlines.decision.dueOn}{#missing}{item}{/}';
    source.templates['sample/notice.docx'] = docx(text);
    assert.deepEqual(await checkPackage(source, shared, topics), []);
  });

  it('knows the pictures that templates may print [PLT-6.1]', async () => {
    const source = samplePackage();
    const { components } = source.forms.application!;
    const sites = components.find((component) => 'key' in component && component.key === 'sites') as TableField;
    components.push({ type: 'photo', key: 'gate', label: '大门' });
    sites.columns.push({ type: 'files', key: 'plan', label: '平面图', accept: ['png', 'pdf'] });
    source.templates['sample/notice.docx'] = docx(
      '{%form.gate}{%forms.application.gate | box:60:45}{#tables.sites}{%plan}{/}',
    );
    assert.deepEqual(await checkPackage(source, shared, topics), []);
    sites.columns.at(-1)!.accept = ['pdf'];
    const [found] = await checkPackage(source, shared, topics);
    assert.match(found!.zh, /\{%plan\} 不是有图片的字段/);
  });

  it('notes what a package says in Chinese only [PLT-1.8]', async () => {
    const source = samplePackage();
    Object.assign(source.english, { 申请: 'Apply', '逾{title}': 'After {title}', 期: 'the limit' });
    const flow = await compiled(source);
    assert.deepEqual(
      ['申请', '逾期', '通知书', '准予'].map((zh) => flow.english?.[zh]),
      ['Apply', 'After the limit', 'Notice', 'Grant'],
    );
    const missing = withoutEnglish(flow);
    assert.ok(missing.includes('结果') && !missing.includes('申请') && !missing.includes('逾期'), missing.join());
  });

  it('finds English for everything that the packages of the product say', async () => {
    const folders = { workflows: folder('workflows'), templates: folder('templates') };
    const { value } = await readShared(folders);
    for (const place of await packagePlaces(folders)) {
      const { value: source } = await readPackage(folders, place, value!);
      assert.deepEqual(withoutEnglish(await compiled(source!)), [], place.name);
    }
  });

  for (const [what, code, element, change] of brokenPackages)
    it(`finds ${what}`, async () => {
      const source = samplePackage();
      change(source);
      const findings = await checkPackage(source, shared, topics);
      const found = findings.filter((f) => f.code === code && (f.element ?? '') === element);
      assert.notEqual(found.length, 0, JSON.stringify(findings, null, 2));
      assert.match(found[0]!.zh, /\p{Script=Han}/u);
      assert.match(found[0]!.file, /^workflows\/sample\/./);
    });

  it('has a failing model for each rule, and each rule in its list', () => {
    const rules = [...modelRules, ...packageRules];
    const tried = new Set(brokenPackages.map(([, code]) => code));
    assert.deepEqual(
      rules.map((rule) => rule.code).filter((code) => !tried.has(code)),
      [],
    );
    const other = /^(index|xml)\.ts$|\.test\.ts$/;
    const files = readdirSync(new URL('./rules/', import.meta.url)).filter((file) => !other.test(file));
    assert.equal(files.length, rules.length);
  });
});
