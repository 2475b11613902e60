/**
 * `npm run requirements [-- --json] [PREFIX …]`: each line of docs/requirements with the tests and scenarios that name
 * its ID, and whether they passed in the last `npm test`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export interface RequirementLine {
  id: string;
  text: string;
  file: string;
}

interface TestResult {
  title: string;
  file: string;
  passed: boolean;
}

export interface Coverage extends RequirementLine {
  state: 'passing' | 'failing' | 'none';
  tests: { title: string; passed: boolean }[];
}

const LINE = /^- \*\*([A-Z]{3}-\d+(?:\.\d+)?)\*\*\s+(.+)$/;
/** `CMA-3.2`, and the ranges that titles use: `CMA-3.8–3.13`, `CMA-3.2, 3.7`. */
const NAMED = /([A-Z]{3})-(\d+(?:\.\d+)?)((?:\s*[–,]\s*\d+\.\d+)*)/g;

/** All lines of the requirement files in their order. */
export function readRequirements(folder = join(root, 'docs', 'requirements')): RequirementLine[] {
  return readdirSync(folder)
    .sort()
    .flatMap((file) =>
      readFileSync(join(folder, file), 'utf8')
        .split('\n')
        .map((line) => LINE.exec(line))
        .filter((found) => found !== null)
        .map((found) => ({ id: found[1]!, text: found[2]!.replace(/〔[^〕]*〕/g, '').trim(), file })),
    );
}

/** The IDs that a title names, ranges written out. */
export function idsIn(title: string): string[] {
  return [...title.matchAll(NAMED)].flatMap(([, prefix, first, more]) => {
    const ids = [first!];
    for (const [, sign, next] of (more ?? '').matchAll(/([–,])\s*(\d+\.\d+)/g)) {
      const [chapter, last] = next!.split('.').map(Number);
      const [fromChapter, from] = ids.at(-1)!.split('.').map(Number);
      if (sign === '–' && chapter === fromChapter)
        for (let n = from! + 1; n < last!; n += 1) ids.push(`${chapter}.${n}`);
      ids.push(next!);
    }
    return ids.map((id) => `${prefix}-${id}`);
  });
}

/** Which lines have a test that names them, and how it ended. */
export function coverage(lines: RequirementLine[], results: TestResult[]): Coverage[] {
  const byId = new Map<string, TestResult[]>();
  for (const result of results)
    for (const id of new Set(idsIn(result.title))) byId.set(id, [...(byId.get(id) ?? []), result]);
  return lines.map((line) => {
    const tests = byId.get(line.id) ?? [];
    const state = tests.length === 0 ? 'none' : tests.every((t) => t.passed) ? 'passing' : 'failing';
    return { ...line, state, tests: tests.map(({ title, passed }) => ({ title, passed })) };
  });
}

/** What the last `npm test` wrote; empty before the first. */
export function readResults(folder = join(root, '.data', 'test-results')): TestResult[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as TestResult[]);
}

function main(args: string[]): void {
  const prefixes = args.filter((arg) => !arg.startsWith('--'));
  const all = coverage(readRequirements(), readResults()).filter(
    (line) => prefixes.length === 0 || prefixes.some((p) => line.id.startsWith(p)),
  );
  if (args.includes('--json')) {
    process.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
    return;
  }
  const mark = { passing: '✓', failing: '✗', none: ' ' };
  for (const line of all)
    if (line.state !== 'none' || prefixes.length > 0)
      process.stdout.write(
        `${mark[line.state]} ${line.id.padEnd(10)} ${line.tests.length} ${line.text.slice(0, 90)}\n`,
      );
  const count = (state: Coverage['state']) => all.filter((line) => line.state === state).length;
  process.stdout.write(
    `\n${all.length} 条要求 requirements：${count('passing')} 有通过的测试 passing，${count('failing')} 未通过 failing，${count('none')} 没有测试点名 not named by a test\n`,
  );
  if (readResults().length === 0)
    process.stdout.write('还没有测试结果，先运行 npm test · no results yet, run npm test first\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2));
