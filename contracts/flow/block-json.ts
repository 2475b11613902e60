/** `block.json`: what a block is for, and which texts of its model a flow that calls it gives. */
import { z } from 'zod';
import { Name, Text } from './text.ts';

export const BlockParameter = z.strictObject({
  /** Stands as `{id}` anywhere in the block's model. */
  id: Name,
  title: Text,
  /** Where the call gives nothing; without one it has to. May name a form, document or message of the block. */
  default: z.string().optional(),
});
export type BlockParameter = z.infer<typeof BlockParameter>;

export const BlockJson = z.strictObject({
  /** The folder's name. */
  id: Name,
  title: Text,
  summary: Text,
  parameters: z.array(BlockParameter).default([]),
});
export type BlockJson = z.infer<typeof BlockJson>;
