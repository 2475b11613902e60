import { EngineError, type Value, type Variables } from '../port/index.ts';

/** As the engine's REST writes a variable. */
export interface TypedValue {
  type: string;
  value: unknown;
}

const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;
const LONGEST = 4000;

/** @throws EngineError invalid, with the variable's name, for what the engine would refuse or store as something else. */
export function toTyped(variables: Variables): Record<string, TypedValue & { value: Value }> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => {
      if (!NAME.test(name)) throw new EngineError('invalid', 'variable-name', `${name} is no name of a variable`);
      return [name, { type: typeOf(name, value), value }];
    }),
  );
}

/** Leaves out what isn't of a simple type. */
export function fromTyped(typed: Record<string, TypedValue>): Variables {
  return Object.fromEntries(
    Object.entries(typed).flatMap(([name, { value }]) => (isSimple(value) ? [[name, value]] : [])),
  );
}

function isSimple(value: unknown): value is Value {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function typeOf(name: string, value: Value): string {
  if (value === null) return 'Null';
  if (typeof value === 'boolean') return 'Boolean';
  if (typeof value === 'string') {
    // PostgreSQL counts code points
    if (value.length > LONGEST && [...value].length > LONGEST)
      throw new EngineError('invalid', 'variable-too-long', `${name} has more than ${LONGEST} characters`);
    if (value.includes('\0')) throw new EngineError('invalid', 'variable-type', `${name} contains a NUL character`);
    return 'String';
  }
  if (typeof value === 'number' && Number.isFinite(value)) {
    if (!Number.isInteger(value)) return 'Double';
    if (Math.trunc(value) === (value | 0)) return 'Integer';
    if (Number.isSafeInteger(value)) return 'Long';
  }
  throw new EngineError('invalid', 'variable-type', `${name} is not a string, number, boolean or null`);
}
