/**
 * Conditions of a form: FEEL after a `=`, evaluated by feelin on both sides. They never throw: what cannot be
 * evaluated is not true, so nothing is hidden and nothing is called wrong by mistake; the check before a release
 * reports it.
 */
import { date, evaluate, parseExpression } from 'feelin';
import { exactSum } from '../kinds/decimal.ts';
import { isEmpty } from '../kinds/kind.ts';

/** What a condition may read besides the form's own fields. */
export interface ConditionContext {
  /** Calendar day in Asia/Shanghai, what `today()` gives. */
  today: string;
  /** Step in which the form is worked on, as the variable `step`; null in a draft. */
  step?: string | null;
  /** Answer that is being given to the step's task, as the variable `outcome`; null while none is chosen. */
  outcome?: string | null;
}

/** Variables that conditions may read though no field has these names. */
export const situation = ['step', 'outcome'] as const;
type Situation = (typeof situation)[number];
export const isSituation = (name: string): name is Situation => situation.includes(name as Situation);

export interface Condition {
  /** The expression without `=`. */
  text: string;
  /** Fields and tables that it reads. */
  names: string[];
  /** True when it names `null` itself, so that it wants to know of empty fields. */
  speaksOfNull: boolean;
  /** Why it cannot be parsed. */
  problem: string | null;
  evaluate(data: Record<string, unknown>, context: ConditionContext): unknown;
}

/** Above this many different inputs the remembered results are dropped. */
const REMEMBERED = 1000;

/** Parses once. Results are remembered per input: in a table of 10,000 rows a condition meets the same few values. */
export function compileCondition(source: string): Condition {
  const text = source.replace(/^=/, '').trim();
  const { names, speaksOfNull, problem } = read(text);
  const remembered = new Map<string, unknown>();
  return {
    text,
    names,
    speaksOfNull,
    problem,
    evaluate(data, context) {
      if (problem !== null) return null;
      const values = names.map((name) => (isSituation(name) ? (context[name] ?? null) : valueOf(data, name)));
      const key = values.some(isRows) ? null : JSON.stringify([context.today, values]);
      if (key !== null && remembered.has(key)) return remembered.get(key);
      const result = run(text, names, values, context);
      if (key === null) return result;
      if (remembered.size >= REMEMBERED) remembered.clear();
      remembered.set(key, result);
      return result;
    },
  };
}

/** Functions that replace feelin's: sums without binary rounding, today as the app's day. */
export function conditionFunctions(today: string): Record<string, unknown> {
  return {
    today: () => date(today),
    sum: (...values: unknown[]) => {
      const numbers = values.flat();
      return numbers.length > 0 && numbers.every((n) => typeof n === 'number') ? exactSum(numbers) : null;
    },
  };
}

function run(text: string, names: string[], values: unknown[], context: ConditionContext): unknown {
  const variables = Object.fromEntries(names.map((name, i) => [name, values[i]]));
  try {
    return evaluate(text, { ...conditionFunctions(context.today), ...variables }).value;
  } catch {
    return null;
  }
}

/** Names that the expression reads: variables, without called functions and its own loop variables. */
function read(text: string): Pick<Condition, 'names' | 'speaksOfNull' | 'problem'> {
  const names = new Set<string>();
  const own = new Set<string>();
  let speaksOfNull = false;
  let problem: string | null = text === '' ? 'empty' : null;
  parseExpression(text, {}, undefined).iterate({
    enter({ name: type, node, from, to }) {
      const name = text.slice(from, to);
      if (node.type.isError) problem ??= `“${text.slice(Math.max(0, from - 10), from + 10)}”`;
      if (type === 'Name') own.add(name);
      if (name === 'null') speaksOfNull = true;
      const called = node.parent?.name === 'FunctionInvocation' && from === node.parent.from;
      if (type === 'VariableName' && !called) names.add(name);
    },
  });
  return { names: [...names].filter((name) => !own.has(name)), speaksOfNull, problem };
}

function valueOf(data: Record<string, unknown>, name: string): unknown {
  const value = Object.hasOwn(data, name) ? data[name] : null;
  return isEmpty(value) && !Array.isArray(value) ? null : value;
}

const isRows = (value: unknown) => Array.isArray(value) && typeof value[0] === 'object';
