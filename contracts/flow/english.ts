/**
 * `english.json`: what a package says in Chinese only (names of steps, stages, instructions, legal bases) → in English.
 * `{name}` stands for a text that is looked up itself, as in "制作{title}".
 */
import { z } from 'zod';
import type { Text } from './text.ts';

export const EnglishJson = z.record(z.string().min(1), z.string().min(1));
export type EnglishJson = z.infer<typeof EnglishJson>;

/** The English of a Chinese text of the flow; the Chinese where the package has none. */
export const inEnglish = (flow: { english?: EnglishJson }, zh: string): string => flow.english?.[zh] ?? zh;

/** A Chinese text of the flow in both languages. */
export const bothOf = (flow: { english?: EnglishJson }, zh: string): Text => ({ zh, en: inEnglish(flow, zh) });
