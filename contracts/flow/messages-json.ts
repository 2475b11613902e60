/** `messages.json`: the texts that a flow's steps send, by the id that the topic `notify` names. */
import { z } from 'zod';
import { Name, Text } from './text.ts';

/** Titles and bodies may hold `{number}`, `{title}`, `{subject}`, `{flow}`, `{office}`, `{today}` and `{form.field}`. */
export const MessageDecl = z.strictObject({ title: Text, body: Text });
export type MessageDecl = z.infer<typeof MessageDecl>;

export const MessagesJson = z.record(Name, MessageDecl);
export type MessagesJson = z.infer<typeof MessagesJson>;
