export interface SheetColumn {
  key: string;
  /** Head of the column, in Chinese. */
  title: string;
  required: boolean;
  hint: string;
  /** In characters. */
  width: number;
  /** Values of a drop-down. */
  list?: string[];
  cell(value: unknown): string | number;
  /** Reads the trimmed, non-empty text of a cell. */
  parse(text: string): { value: unknown } | { zh: string; en: string };
}
