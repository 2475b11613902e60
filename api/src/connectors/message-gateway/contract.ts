/** The message gateway of an authority (短信、邮件网关): takes one message at a time. Idempotent by key. */
import { z } from 'zod';

export const GatewayMessage = z.object({
  channel: z.enum(['mail', 'sms']),
  /** A mobile number or an address of mail. */
  to: z.string().min(3).max(200),
  /** Of a mail; a text message has none that anybody sees. */
  subject: z.string().max(200),
  text: z.string().min(1).max(5000),
  /** The same key is the same message: it is sent once. */
  key: z.string().min(1).max(100),
});
export type GatewayMessage = z.infer<typeof GatewayMessage>;
