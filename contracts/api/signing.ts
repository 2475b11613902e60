/** Signing documents by hand. */
import { z } from 'zod';

export const SigningView = z.object({
  id: z.string(),
  place: z.string(),
  placeTitle: z.object({ zh: z.string(), en: z.string() }),
  signer: z.string(),
  state: z.enum(['open', 'signed', 'expired', 'cancelled']),
  askedAt: z.string(),
  expiresAt: z.string(),
  signedAt: z.string().nullable(),
  means: z.enum(['pen', 'picture']).nullable(),
  through: z.enum(['desk', 'link', 'qr']).nullable(),
  /** From where it was signed. */
  ip: z.string().nullable(),
  agent: z.string().nullable(),
  /** SHA-256 of what was signed. */
  hash: z.string(),
  /** The link was sent by message and works no more: it can be sent anew. */
  renewable: z.boolean(),
});
export type SigningView = z.infer<typeof SigningView>;

export const Signings = z.object({
  /** Where the document can still be signed. */
  places: z.array(
    z.object({ id: z.string(), title: z.object({ zh: z.string(), en: z.string() }), signer: z.string() }),
  ),
  signings: z.array(SigningView),
  /** Whether this person may ask for signatures. */
  may: z.boolean(),
});
export type Signings = z.infer<typeof Signings>;

export const SigningBody = z.object({ place: z.string().max(60), signer: z.string().trim().min(1).max(60) });

/** Told once, to whoever asked: the link and its QR code (an SVG picture). */
export const SigningAsked = z.object({ id: z.string(), url: z.string(), qr: z.string(), expiresAt: z.string() });
export type SigningAsked = z.infer<typeof SigningAsked>;

/** What the link shows before it is signed. */
export const SigningPage = z.object({
  title: z.string(),
  number: z.string().nullable(),
  office: z.string(),
  signer: z.string(),
  placeTitle: z.object({ zh: z.string(), en: z.string() }),
  hash: z.string(),
  expiresAt: z.string(),
});
export type SigningPage = z.infer<typeof SigningPage>;

export const SignBody = z.object({
  /** PNG in base64. */
  picture: z
    .string()
    .min(1)
    .max(2_800_000)
    .regex(/^[A-Za-z0-9+/]+=*$/),
  means: z.enum(['pen', 'picture']),
  through: z.enum(['desk', 'link', 'qr']),
  /** SHA-256 of what the signer was shown. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});
export type SignBody = z.infer<typeof SignBody>;

export const SignAnswer = z.object({ signedAt: z.string(), hash: z.string() });
