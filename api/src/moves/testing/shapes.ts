/** For tests: what generated models are made of, over the elements that a flow may hold. */
import fc from 'fast-check';

/** A boundary timer: none, one that ends what it is on, one that begins a step beside it. */
export type Late = 'none' | 'ends' | 'beside';

export type Shape =
  | { is: 'step'; late: Late }
  | { is: 'work' }
  | { is: 'row'; of: Shape[] }
  /** A step that decides; back to itself by another outcome, which is never given. */
  | { is: 'choice'; of: Shape[]; taken: number; again: boolean }
  | { is: 'parallel'; of: Shape[] }
  /** `taken` says which branches the step before opens; a branch without a step goes straight to the join. */
  | { is: 'inclusive'; of: Shape[]; taken: boolean[] }
  | { is: 'sub'; of: Shape; late: Late }
  /** An inlined block: a sub-process whose last step decides whether it ends by an error, which a step handles. */
  | { is: 'block'; of: Shape; fails: boolean }
  | { is: 'threads'; of: Shape; count: number };

const late: fc.Arbitrary<Late> = fc.constantFrom('none', 'ends', 'beside');
const few = <T>(of: fc.Arbitrary<T>, maxLength = 3) => fc.array(of, { minLength: 2, maxLength });

export const shapes: fc.Arbitrary<Shape> = fc.letrec<{ shape: Shape }>((tie) => ({
  shape: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 4, arbitrary: fc.record({ is: fc.constant('step' as const), late }) },
    { weight: 1, arbitrary: fc.constant<Shape>({ is: 'work' }) },
    { weight: 4, arbitrary: fc.record({ is: fc.constant('row' as const), of: few(tie('shape'), 4) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        is: fc.constant('choice' as const),
        of: few(tie('shape'), 2),
        taken: fc.nat(1),
        again: fc.boolean(),
      }),
    },
    { weight: 3, arbitrary: fc.record({ is: fc.constant('parallel' as const), of: few(tie('shape')) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        is: fc.constant('inclusive' as const),
        of: few(tie('shape')),
        taken: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ is: fc.constant('sub' as const), of: tie('shape'), late }) },
    { weight: 2, arbitrary: fc.record({ is: fc.constant('block' as const), of: tie('shape'), fails: fc.boolean() }) },
    {
      weight: 1,
      arbitrary: fc.record({
        is: fc.constant('threads' as const),
        of: tie('shape'),
        count: fc.integer({ min: 1, max: 3 }),
      }),
    },
  ),
})).shape;
