/** Sign-in, the person, messages. */
import { z } from 'zod';

export const SignInBody = z.object({ login: z.string().min(1).max(100), password: z.string().min(1).max(200) });
export const Me = z.object({
  personId: z.string(),
  name: z.string(),
  login: z.string(),
  kind: z.enum(['staff', 'applicant']),
  grants: z.array(
    z.object({
      role: z.string(),
      roleTitle: z.string(),
      office: z.string(),
      officeName: z.string(),
      reach: z.enum(['own', 'tree']),
    }),
  ),
  institutions: z.array(z.object({ register: z.string(), id: z.string(), name: z.string(), uscc: z.string() })),
  /** In Asia/Shanghai; `workingDay` is null in a year whose calendar isn't loaded. */
  today: z.object({ date: z.string(), weekday: z.string(), workingDay: z.boolean().nullable() }),
  demo: z.boolean(),
});
export type Me = z.infer<typeof Me>;
export const MessageRow = z.object({
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  body: z.string(),
  en: z.object({ title: z.string(), body: z.string() }).nullable(),
  link: z.string().nullable(),
  caseId: z.string().nullable(),
  caseNumber: z.string().nullable(),
  at: z.string(),
  readAt: z.string().nullable(),
});
export type MessageRow = z.infer<typeof MessageRow>;
/** Newest first; `unread` counts all of them, up to 1000. */
export const MessagePage = z.object({
  rows: z.array(MessageRow),
  next: z.string().nullable(),
  unread: z.number().int(),
});
export type MessagePage = z.infer<typeof MessagePage>;
