/** Materials with their files, and how a file can be looked at. */
import { z } from 'zod';
import { FileType } from '../../flow/flow-json.ts';
import { SampleLinks } from '../guides.ts';

export const MaterialFile = z.object({
  id: z.string(),
  name: z.string(),
  size: z.number(),
  type: z.string(),
  uploadedAt: z.string(),
  replaced: z.boolean(),
  href: z.string(),
});
export type MaterialFile = z.infer<typeof MaterialFile>;

export const MaterialItem = SampleLinks.extend({
  item: z.string(),
  title: z.string(),
  required: z.boolean(),
  applies: z.boolean(),
  hint: z.string().nullable(),
  open: z.boolean(),
  /** Endings of the files that are taken, and how many at most. */
  types: z.array(FileType),
  max: z.number().int(),
  files: z.array(MaterialFile),
});
export type MaterialItem = z.infer<typeof MaterialItem>;

export const SheetPreview = z.object({
  name: z.string(),
  /** Cells as text, from the first row; at most 200 rows of 40 columns. */
  rows: z.array(z.array(z.string())),
  /** What the file has. */
  total: z.object({ rows: z.number().int(), columns: z.number().int(), sheets: z.number().int() }),
});
export type SheetPreview = z.infer<typeof SheetPreview>;

/** How a file that a browser does not show by itself can be looked at. */
export const FilePreview = z.object({
  /** `pdf` is at `/files/:file/preview.pdf`; `none`: it can be downloaded only. */
  kind: z.enum(['pdf', 'sheets', 'entries', 'none']),
  state: z.enum(['waiting', 'running', 'done', 'failed']),
  /** Files that are made before this one. */
  ahead: z.number().int(),
  sheets: z.array(SheetPreview),
  /** Names of what an archive holds, the first 500. */
  entries: z.array(z.string()),
});
export type FilePreview = z.infer<typeof FilePreview>;
