/**
 * The expressions that a model may hold: a variable, comparisons of a variable with a literal, `and`, `or`, `not` and
 * parentheses, inside `${}`. The engine could do more (methods, beans); a model may not (architecture 5.12).
 */

export type Literal = string | number | boolean | null;

export interface Comparison {
  variable: string;
  /** Absent: the variable stands alone. */
  operator?: Operator;
  literal?: Literal;
}

export interface Expression {
  comparisons: Comparison[];
  /** Whether it is true for these values; a variable that is not among them is null. */
  holds(values: Record<string, Literal>): boolean;
}

type Operator = '==' | '!=' | '<' | '<=' | '>' | '>=';
type Test = Expression['holds'];
type Token = { kind: 'literal'; value: Literal } | { kind: 'name' | 'sign'; value: string };

const TOKEN =
  /\s*(?:('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|(\d+(?:\.\d+)?)|(==|!=|<=|>=|<|>|&&|\|\||!|\(|\))|([\p{L}_][\p{L}\p{N}_]*))/uy;
const WORDS = new Map(
  Object.entries({ and: '&&', or: '||', not: '!', eq: '==', ne: '!=', lt: '<', le: '<=', gt: '>', ge: '>=' }),
);
const LITERALS = new Map<string, Literal>([
  ['true', true],
  ['false', false],
  ['null', null],
]);
const COMPARE: Record<Operator, (a: Literal, b: Literal) => boolean> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a !== null && b !== null && a < b,
  '<=': (a, b) => a !== null && b !== null && a <= b,
  '>': (a, b) => a !== null && b !== null && a > b,
  '>=': (a, b) => a !== null && b !== null && a >= b,
};

/** Reads `${…}`. Throws a SyntaxError that names the first thing that is not allowed. */
export function parseExpression(text: string): Expression {
  const inner = /^\s*\$\{([^{}]*)\}\s*$/u.exec(text)?.[1];
  if (inner === undefined) throw new SyntaxError(`not of the form \${…}: ${text}`);
  const tokens = tokenize(inner);
  const comparisons: Comparison[] = [];
  let at = 0;
  const holds = disjunction();
  if (at < tokens.length) throw new SyntaxError(`not allowed here: ${shown(tokens[at])}`);
  return { comparisons, holds };

  function disjunction(): Test {
    let left = conjunction();
    while (take('||')) left = either(left, conjunction());
    return left;
  }
  function conjunction(): Test {
    let left = comparison();
    while (take('&&')) left = both(left, comparison());
    return left;
  }
  function comparison(): Test {
    const tested = operand();
    const sign = tokens[at];
    if (typeof tested === 'function' || sign?.kind !== 'sign' || !(sign.value in COMPARE)) {
      return typeof tested === 'function' ? tested : alone(tested.variable);
    }
    const literal = tokens[at + 1];
    if (literal?.kind !== 'literal') throw new SyntaxError(`a literal is expected, not ${shown(literal)}`);
    at += 2;
    const { variable } = tested;
    const operator = sign.value as Operator;
    comparisons.push({ variable, operator, literal: literal.value });
    return (values) => COMPARE[operator](values[variable] ?? null, literal.value);
  }
  /** A negation or parentheses as a test, else the variable that is read. `not` binds tighter than a comparison. */
  function operand(): Test | { variable: string } {
    if (take('!')) {
      const inner = operand();
      const test = typeof inner === 'function' ? inner : alone(inner.variable);
      return (values) => !test(values);
    }
    if (take('(')) {
      const inner = disjunction();
      if (!take(')')) throw new SyntaxError(') is missing');
      return inner;
    }
    const name = tokens[at++];
    if (name?.kind !== 'name') throw new SyntaxError(`a variable is expected, not ${shown(name)}`);
    return { variable: name.value };
  }
  function alone(variable: string): Test {
    comparisons.push({ variable });
    return (values) => values[variable] === true;
  }
  function take(sign: string): boolean {
    const token = tokens[at];
    if (token?.kind !== 'sign' || token.value !== sign) return false;
    at += 1;
    return true;
  }
}

/** The variable of `${list(variable)}`, the one function, for a multi-instance collection only. */
export function parseCollection(text: string): string {
  const variable = /^\s*\$\{\s*list\(\s*([\p{L}_][\p{L}\p{N}_]*)\s*\)\s*\}\s*$/u.exec(text)?.[1];
  if (!variable) throw new SyntaxError(`not of the form \${list(variable)}: ${text}`);
  return variable;
}

/** Whether the engine would evaluate something in this text. */
export const isExpression = (text: string): boolean => /[$#]\{/u.test(text);

/** Renames whole variable names inside the expressions of a text. */
export function renameVariables(text: string, names: Map<string, string>): string {
  const word = /'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[\p{L}_][\p{L}\p{N}_]*/gu;
  return text.replace(/[$#]\{[^}]*\}/gu, (expression) =>
    expression.replace(word, (found) => names.get(found) ?? found),
  );
}

const either =
  (a: Test, b: Test): Test =>
  (values) =>
    a(values) || b(values);
const both =
  (a: Test, b: Test): Test =>
  (values) =>
    a(values) && b(values);

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  for (let from = 0; from < end; from = TOKEN.lastIndex) {
    const match = TOKEN.exec(text);
    if (!match) throw new SyntaxError(`not allowed: ${text.slice(from).trim()}`);
    tokens.push(token(match));
  }
  return tokens;
}

function token([, quoted, number, sign, word = '']: RegExpExecArray): Token {
  if (quoted !== undefined) return { kind: 'literal', value: quoted.slice(1, -1) };
  if (number !== undefined) return { kind: 'literal', value: Number(number) };
  if (sign !== undefined) return { kind: 'sign', value: sign };
  const literal = LITERALS.get(word);
  if (literal !== undefined) return { kind: 'literal', value: literal };
  const operator = WORDS.get(word);
  return operator ? { kind: 'sign', value: operator } : { kind: 'name', value: word };
}

const shown = (token: Token | undefined): string => (token ? String(token.value) : 'the end');
