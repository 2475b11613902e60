import { compile } from 'angular-expressions';
import type { Filter } from './filters.ts';

/** The part of the syntax tree of angular-expressions that templates may use. */
interface Node {
  type: string;
  [member: string]: unknown;
}

/** A tag of a template, read once. */
export interface Expression {
  /** What it reads, as written: `form.name`. */
  paths: string[];
  /** @param lookup value of a name that stands first in a path */
  value(lookup: (name: string) => unknown): unknown;
}

const BINARY: Record<string, (a: never, b: never) => unknown> = {
  '+': (a: string | number, b: never) => (a ?? '') + (b ?? ''),
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => a / b,
  '==': (a, b) => (a ?? '') === (b ?? ''),
  '!=': (a, b) => (a ?? '') !== (b ?? ''),
  '===': (a, b) => a === b,
  '!==': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
};

/**
 * Reads an expression: paths, literals, comparisons, conditions and filters. Calls, assignments and computed members
 * are refused; only own members of plain data are read, so a template can't get at prototypes.
 * @param spell the names in the data of a path as it is written
 * @throws SyntaxError saying what isn't allowed
 */
export function readExpression(
  source: string,
  filters: Record<string, Filter>,
  spell: (path: string[]) => string[] = (path) => path,
): Expression {
  const paths = new Set<string>();
  const straight = source.replace(/[‘’]/g, "'").replace(/[“”]/g, '"').trim();
  const options = { csp: true, isIdentifierStart: isLetter, isIdentifierContinue: isLetterOrDigit };
  const { body } = compile(straight === '.' ? 'this' : straight, { ...options, filters }).ast as { body: Node[] };
  if (body.length !== 1) throw new SyntaxError('one expression');
  const evaluate = build(body[0].expression as Node, { filters, paths, spell });
  return { paths: [...paths], value: evaluate };
}

type Evaluate = Expression['value'];

interface Reading {
  filters: Record<string, Filter>;
  paths: Set<string>;
  spell(path: string[]): string[];
}

function build(node: Node, reading: Reading): Evaluate {
  const { filters, paths } = reading;
  const part = (member: string) => build(node[member] as Node, reading);
  switch (node.type) {
    case 'Literal':
      return () => node.value;
    case 'ThisExpression':
      return (lookup) => lookup('this');
    case 'Identifier':
    case 'MemberExpression': {
      const [first, ...rest] = reading.spell(pathOf(node));
      paths.add([first, ...rest].join('.'));
      return (lookup) => rest.reduce(own, lookup(first));
    }
    case 'UnaryExpression': {
      const argument = part('argument');
      if (node.operator !== '!') throw new SyntaxError(`no operator ${node.operator}`);
      return (lookup) => !argument(lookup);
    }
    case 'BinaryExpression': {
      const [left, right, operate] = [part('left'), part('right'), BINARY[node.operator as string]];
      if (!operate) throw new SyntaxError(`no operator ${node.operator}`);
      return (lookup) => operate(left(lookup) as never, right(lookup) as never);
    }
    case 'LogicalExpression': {
      const [left, right] = [part('left'), part('right')];
      return node.operator === '&&'
        ? (lookup) => left(lookup) && right(lookup)
        : (lookup) => left(lookup) || right(lookup);
    }
    case 'ConditionalExpression': {
      const [test, then, otherwise] = [part('test'), part('alternate'), part('consequent')];
      return (lookup) => (test(lookup) ? then(lookup) : otherwise(lookup));
    }
    case 'FilterExpression': {
      const name = (node.callee as Node).name as string;
      if (!Object.hasOwn(filters, name)) throw new SyntaxError(`no filter ${name}`);
      const given = (node.arguments as Node[]).map((argument) => build(argument, reading));
      return (lookup) => {
        const [value, ...others] = given.map((evaluate) => evaluate(lookup));
        return filters[name](value, ...others);
      };
    }
    default:
      throw new SyntaxError(`${node.type} is not allowed`);
  }
}

function pathOf(node: Node): string[] {
  if (node.type === 'Identifier') return [node.name as string];
  if (node.type !== 'MemberExpression' || node.computed) throw new SyntaxError('a path has names only');
  return [...pathOf(node.object as Node), (node.property as Node).name as string];
}

/** A member of plain data, else undefined. */
export function own(value: unknown, name: string): unknown {
  return isData(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

export const isData = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const isLetter = (character: string) => /[\p{L}_$]/u.test(character);
const isLetterOrDigit = (character: string) => /[\p{L}\p{N}_$]/u.test(character);
