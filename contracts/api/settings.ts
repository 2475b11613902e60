/** Settings of the installation, as its administrators see and change them. */
import { z } from 'zod';

const Text = z.object({ zh: z.string(), en: z.string() });

export const SettingView = z.object({
  key: z.string(),
  title: Text,
  help: Text,
  /** What its numbers count. */
  unit: Text.optional(),
  /** What people read in place of the ids in its values. */
  words: z.record(z.string(), Text).optional(),
  /** JSON Schema of the value: what the editor is drawn from. */
  schema: z.record(z.string(), z.unknown()),
  value: z.unknown(),
  default: z.unknown(),
  /** Absent where nobody has set it. */
  changed: z.object({ at: z.string(), by: z.string() }).optional(),
});
export type SettingView = z.infer<typeof SettingView>;

export const SettingsView = z.object({ settings: z.array(SettingView) });
export type SettingsView = z.infer<typeof SettingsView>;

export const SettingBody = z.object({
  value: z.unknown(),
  /** `changed.at` of the value that one saw; null: the default. Another one was set meanwhile: 409 `stale`. */
  seen: z.string().nullable().default(null),
});

export const SettingHistory = z.object({
  /** The newest first. */
  changes: z.array(z.object({ value: z.unknown(), at: z.string(), by: z.string() })),
});
export type SettingHistory = z.infer<typeof SettingHistory>;
