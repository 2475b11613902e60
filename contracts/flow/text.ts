import { z } from 'zod';

/** What a person reads, Chinese first. */
export const Text = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });
export type Text = z.infer<typeof Text>;

/** Id of a step: conditions read the variable `<step>_outcome`, so it has to be an identifier. */
export const StepId = z.string().regex(/^[a-z][A-Za-z0-9_]*$/);

/** Id of a flow, clock, material, document, form or table: also a file or folder name. */
export const Name = z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);

/** `P20WD` working days, `P30D` days, `P2W` weeks, `P3M` months, `P6Y` years; never zero. */
export const Limit = z.string().regex(/^P[1-9]\d{0,3}(WD|D|W|M|Y)$/);
export type Limit = z.infer<typeof Limit>;
