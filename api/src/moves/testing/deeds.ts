/** For tests: what people do in a case, and timers with it. */
import fc from 'fast-check';

/** Each so many days after the last; choices are taken modulo what there is to choose from. */
export type Deed = { days: number; at: number } & (
  | { do: 'answer'; other: boolean }
  | { do: 'return'; to: number; straight: boolean }
  | { do: 'type' | 'fire' | 'take-back' | 'migrate' | 'withdraw' | 'terminate' }
);

const when = { days: fc.nat(2), at: fc.nat(7) };
const once = <K extends Deed['do']>(what: K) => fc.record({ ...when, do: fc.constant(what) });
const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({ ...when, do: fc.constant('answer' as const), other: fc.nat(3).map((n) => n === 0) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ ...when, do: fc.constant('return' as const), to: fc.nat(7), straight: fc.boolean() }),
  },
  { weight: 3, arbitrary: once('type') },
  { weight: 3, arbitrary: once('fire') },
  { weight: 2, arbitrary: once('take-back') },
  { weight: 1, arbitrary: once('migrate') },
);
const exit = fc.record({ ...when, do: fc.constantFrom('withdraw' as const, 'terminate' as const) });
export const deeds: fc.Arbitrary<Deed[]> = fc
  .tuple(fc.array(deed, { minLength: 8, maxLength: 12 }), fc.option(exit, { freq: 2 }))
  .map(([series, last]) => (last ? [...series, last] : series));
