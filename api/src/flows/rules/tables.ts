import { DOMParser, type Document, type Element } from '@xmldom/xmldom';
import { parseExpression, parseUnaryTests } from 'feelin';
import type { PackageRule, Reported } from '../check.ts';
import { idAround } from './xml.ts';

const FEEL = /^(feel|https?:\/\/www\.omg\.org\/spec\/(FEEL\/\d+|DMN\/\d+\/FEEL)\/?)$/i;
/** The engine's clock is not the case's. */
const CLOCK = /\b(now|today)\s*\(/;

/** Decision tables speak FEEL, every cell can be read, and one rule catches what no other does. */
export const tables: PackageRule = {
  code: 'table',
  check: ({ source }) =>
    Object.entries(source.tables).flatMap(([name, dmn]) => {
      const file = `tables/${name}.dmn`;
      return checkTable(name, dmn).map((reported) => ({ file, ...reported }));
    }),
};

function checkTable(name: string, dmn: string): Reported[] {
  let document: Document;
  try {
    document = new DOMParser({
      onError: (_level, message) => {
        throw new Error(message);
      },
    }).parseFromString(dmn, 'text/xml');
  } catch (error) {
    return [{ zh: 'XML 语法有误', en: (error as Error).message.split('\n')[0]! }];
  }
  const decisions = all(document, 'decision');
  const wrong: Reported[] = [];
  if (decisions.length !== 1 || decisions[0]!.getAttribute('id') !== name) {
    wrong.push({ zh: `应有一个决策，编号为 ${name}`, en: `One decision with the id ${name} is expected` });
  }
  const others = ['literalExpression', 'context', 'invocation', 'functionDefinition', 'relation', 'list'];
  for (const element of others.flatMap((kind) => all(document, kind))) {
    wrong.push(at(element, '只能用决策表', 'Only decision tables are allowed'));
  }
  for (const element of all(document, '*')) {
    const language = element.getAttribute('expressionLanguage');
    if (language && !FEEL.test(language)) {
      wrong.push(at(element, `只能用 FEEL，不能用 ${language}`, `FEEL is expected, not ${language}`));
    }
  }
  return [...wrong, ...cells(document), ...all(document, 'decisionTable').flatMap(elseRule)];
}

function cells(document: Document): Reported[] {
  const unary = all(document, 'inputEntry').filter((cell) => textOf(cell) !== '');
  const plain = [...all(document, 'inputExpression'), ...all(document, 'outputEntry')];
  return [
    ...unary.filter((cell) => hasError(parseUnaryTests(textOf(cell), {}, undefined))).map(unreadable),
    ...plain.filter((cell) => hasError(parseExpression(textOf(cell), {}, undefined))).map(unreadable),
    ...[...unary, ...plain]
      .filter((cell) => CLOCK.test(textOf(cell)))
      .map((cell) =>
        at(cell, '日期作为输入给出，不读引擎的时钟', 'Pass the date in; the engine’s clock is not the case’s'),
      ),
  ];
}

/** Hit policies that take one rule need a last one that always holds: no rule at all is an error on the person before. */
function elseRule(table: Element): Reported[] {
  const policy = table.getAttribute('hitPolicy') ?? 'UNIQUE';
  const rules = childrenOf(table, 'rule');
  if (policy === 'COLLECT' || policy === 'RULE ORDER') return [];
  const last = rules.at(-1);
  if (last && childrenOf(last, 'inputEntry').every((cell) => ['', '-'].includes(textOf(cell)))) {
    return policy === 'FIRST'
      ? []
      : [at(table, '有兜底规则时命中策略用 FIRST', 'With an else rule the hit policy is FIRST')];
  }
  return [at(table, '最后一条规则应兜底：各输入为空', 'The last rule must catch the rest: all inputs empty')];
}

const all = (document: Document, name: string): Element[] => Array.from(document.getElementsByTagNameNS('*', name));
const childrenOf = (element: Element, name: string): Element[] =>
  Array.from(element.childNodes).filter((n) => (n as Element).localName === name) as Element[];
const textOf = (cell: Element): string => childrenOf(cell, 'text')[0]?.textContent?.trim() ?? '';

function unreadable(cell: Element): Reported {
  return at(cell, `读不懂 ${textOf(cell)}`, `Cannot be read: ${textOf(cell)}`);
}

function at(element: Element, zh: string, en: string): Reported {
  return { element: idAround(element), line: element.lineNumber, zh, en };
}

function hasError(tree: ReturnType<typeof parseExpression>): boolean {
  let found = false;
  tree.iterate({
    enter: ({ type }) => {
      found ||= type.isError;
    },
  });
  return found;
}
