/** The public page of a service item 办事指南. */
import { z } from 'zod';

const Text = z.object({ zh: z.string(), en: z.string() });

/** Addresses of files that a material comes with. */
export const SampleLinks = z.object({
  /** How the material looks when it is filled in. */
  sample: z.string().nullable(),
  /** An empty form to fill in. */
  blank: z.string().nullable(),
});
export type SampleLinks = z.infer<typeof SampleLinks>;

export const GuideRow = z.object({ flow: z.string(), code: z.string(), title: Text, summary: Text });
export type GuideRow = z.infer<typeof GuideRow>;
export const GuideList = z.object({ rows: z.array(GuideRow) });

export const ServiceGuide = GuideRow.extend({
  /** Who may apply, in words; null where the flow doesn't say. */
  who: Text.nullable(),
  conditions: z.array(Text),
  materials: z.array(
    SampleLinks.extend({
      item: z.string(),
      title: Text,
      /** `ifApplies`: asked for under a condition. */
      need: z.enum(['required', 'ifApplies', 'optional']),
      hint: Text.nullable(),
      types: z.array(z.string()),
      max: z.number().int(),
    }),
  ),
  limits: z.array(z.object({ title: Text, statutory: Text, promised: Text.nullable(), basis: Text })),
  /** Fen; 0 is free of charge. */
  fee: z.number().int(),
  legalBasis: z.array(Text),
  steps: z.array(z.object({ title: Text, text: Text })),
  certificates: z.array(z.object({ title: Text, validity: Text })),
  /** What is served on the applicant on the way. */
  documents: z.array(Text),
  /** The office that the installation belongs to. */
  contact: z.object({ name: z.string(), address: z.string().nullable(), phone: z.string().nullable() }).nullable(),
});
export type ServiceGuide = z.infer<typeof ServiceGuide>;
