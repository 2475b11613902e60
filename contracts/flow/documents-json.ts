/** `documents.json`: the documents and certificates that a flow makes, by id. */
import { z } from 'zod';
import { Limit, Name, Text } from './text.ts';

/**
 * Others than the applicant: rows of a form's table (columns `name`, `uscc`, `address`, `phone`), offices that a field
 * holds, or one office: that of the case, the nearest at city or provincial level, or by its code.
 */
export const Recipient = z
  .string()
  .regex(
    /^(table:[a-z][\w-]*\.[a-z]\w*|offices:[a-z][\w-]*\.[a-z]\w*|office:(case|city|province|\d{2,9}))$/,
    'table:<form>.<table>, offices:<form>.<field> or office:case|city|province|<code>',
  );
export type Recipient = z.infer<typeof Recipient>;

const shared = {
  title: Text,
  /** A rule of `templates/numbers.json`; absent: the document has no number. */
  numberRule: z.string().min(1).optional(),
  /** Whose seal and signature it gets: the office of the case, the applying institution, or none. */
  seal: z.enum(['office', 'institution', 'none']),
  /** Law and article that ask for it. */
  basis: z.string().min(1).optional(),
  /** Whom it is served on; `none`: on nobody but those of `alsoTo`. */
  addressee: z.enum(['applicant', 'none']),
  /** Further addressees, each with a service of its own. */
  alsoTo: z.array(Recipient).min(1).optional(),
  /** Where people sign by hand: over these words of the template, such as （受送达人签名）. */
  signatures: z
    .array(z.strictObject({ id: Name, title: Text, place: z.string().min(2) }))
    .min(1)
    .optional(),
  /** Who gets a copy 抄送. */
  copies: z.array(Recipient).min(1).optional(),
};

export const DocumentDecl = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('document'),
    ...shared,
    /** Word template below `templates/`, such as `cma/acceptance-notice.docx`. */
    template: z.string().regex(/^[a-z0-9/-]+\.docx$/),
  }),
  z.strictObject({
    kind: z.literal('certificate'),
    ...shared,
    /** Layout below `templates/`. */
    template: z
      .string()
      .regex(/^[a-z0-9/-]+\.json$/)
      .optional(),
    validity: Limit,
  }),
]);
export type DocumentDecl = z.infer<typeof DocumentDecl>;

export const DocumentsJson = z.record(Name, DocumentDecl);
export type DocumentsJson = z.infer<typeof DocumentsJson>;
