/** The server's part of a field kind: how it is stored in a register, printed and written to Excel. */
import type { Field, ScalarKind } from '../../../../contracts/forms/index.ts';
import { kinds, type KindContext } from '../../../../contracts/kinds/index.ts';

export interface ServerKind {
  kind: ScalarKind;
  store: {
    /** PostgreSQL type of its column in a register. */
    column: 'text' | 'bigint' | 'numeric' | 'date' | 'boolean' | 'jsonb';
    /** Cast under which pg gives the value back as the form has it. */
    readAs: 'text' | 'float8' | 'boolean' | 'jsonb';
  };
  /** On paper: in the application book and other documents. */
  print(value: unknown, field: Field, context: Pick<KindContext, 'division'>): string;
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

/** Declares the server's part; what is left out prints and exports as people read it. */
export function defineServerKind(part: {
  kind: ScalarKind;
  store?: ServerKind['store'];
  print?: ServerKind['print'];
  sheet: Pick<ServerKind['sheet'], 'width' | 'hint'> & Partial<ServerKind['sheet']>;
}): ServerKind {
  const asRead: ServerKind['print'] = (value, field, context) => kinds[part.kind].format(value, field, 'zh', context);
  return {
    kind: part.kind,
    store: part.store ?? { column: 'text', readAs: 'text' },
    print: part.print ?? asRead,
    sheet: { cell: asRead, ...part.sheet },
  };
}

export const upTo = (field: Field, most: number) => `不超过 ${field.validate?.maxLength ?? most} 字`;
