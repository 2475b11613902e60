/** The server's part of a field kind: its column in Excel. */
import type { Field, ScalarKind } from '../../../../contracts/forms/index.ts';
import { kinds, type KindContext } from '../../../../contracts/kinds/index.ts';

export interface ServerKind {
  kind: ScalarKind;
  sheet: {
    /** Width of its column in characters. */
    width: number;
    /** How to fill it in, for the template. */
    hint(field: Field): string;
    /** Values that a drop-down offers. */
    list?(field: Field): string[];
    cell(value: unknown, field: Field, context: Pick<KindContext, 'division'>): string | number;
  };
}

/** Declares the server's part; without a `cell` of its own a value is written as people read it. */
export function defineServerKind(part: {
  kind: ScalarKind;
  sheet: Omit<ServerKind['sheet'], 'cell'> & Partial<ServerKind['sheet']>;
}): ServerKind {
  const cell: ServerKind['sheet']['cell'] = (value, field, context) =>
    kinds[part.kind].format(value, field, 'zh', context);
  return { kind: part.kind, sheet: { cell, ...part.sheet } };
}

export const upTo = (field: Field, most: number) => `不超过 ${field.validate?.maxLength ?? most} 字`;
