/** `messages.json`: the texts that a flow's steps send, by the id that the topic `notify` names; `{field}` stands for a value. */
import { z } from 'zod';
import { Name, Text } from './text.ts';

export const MessageDecl = z.strictObject({ title: Text, body: Text });
export type MessageDecl = z.infer<typeof MessageDecl>;

export const MessagesJson = z.record(Name, MessageDecl);
export type MessagesJson = z.infer<typeof MessagesJson>;
