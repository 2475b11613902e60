import type { Attr, Element } from '@xmldom/xmldom';
import type { ModelRule, Reported } from '../check.ts';
import { isExpression, parseCollection, parseExpression } from '../expression.ts';
import { elementsOf, idAround } from './xml.ts';

/** Elements whose text may be an expression. */
const TEXTS = new Set([
  'conditionExpression',
  'completionCondition',
  'loopCardinality',
  'inputParameter',
  'outputParameter',
]);

/** A variable, comparisons with literals, and or not: where the engine reads an expression, and nowhere else. */
export const expressions: ModelRule = {
  code: 'expression',
  check: (document) =>
    elementsOf(document).flatMap((element) => [
      ...checkText(element),
      ...Array.from(element.attributes).flatMap((attribute) => checkAttribute(element, attribute)),
    ]),
};

function checkText(element: Element): Reported[] {
  const text = Array.from(element.childNodes)
    .filter((node) => node.nodeType === node.TEXT_NODE || node.nodeType === node.CDATA_SECTION_NODE)
    .map((node) => node.nodeValue)
    .join('')
    .trim();
  const name = element.localName ?? '';
  if (name === 'conditionExpression') return attempt(element, text, parseExpression);
  if (!isExpression(text)) return [];
  if (!TEXTS.has(name)) return [notHere(element, text)];
  return attempt(element, text, parseExpression);
}

function checkAttribute(element: Element, { localName, value }: Attr): Reported[] {
  if (localName === 'collection') return attempt(element, value, parseCollection);
  if (localName === 'sourceExpression') return attempt(element, value, parseExpression);
  return isExpression(value) ? [notHere(element, value)] : [];
}

function attempt(element: Element, text: string, parse: (text: string) => unknown): Reported[] {
  try {
    parse(text);
    return [];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [
      {
        element: idAround(element),
        line: element.lineNumber,
        zh: `表达式 ${text} 只能是变量与常量的比较，用 and、or、not 连接`,
        en: `Expression ${text}: ${error.message}`,
      },
    ];
  }
}

function notHere(element: Element, text: string): Reported {
  return {
    element: idAround(element),
    line: element.lineNumber,
    zh: `这里不能用表达式 ${text}`,
    en: `No expression may stand here: ${text}`,
  };
}
