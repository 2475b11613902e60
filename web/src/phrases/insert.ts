/** Whether the character before the caret is a slash that begins a word: it asks for a phrase. */
export function asksForPhrase(text: string, caret: number): boolean {
  return text[caret - 1] === '/' && (caret === 1 || /[\s。，；：、]/.test(text[caret - 2]!));
}

/** Puts a phrase at the caret, in place of the slash that asked for it. */
export function withPhrase(text: string, caret: number, phrase: string): { text: string; caret: number } {
  const from = asksForPhrase(text, caret) ? caret - 1 : caret;
  return { text: text.slice(0, from) + phrase + text.slice(caret), caret: from + phrase.length };
}
