export interface MarkedPart {
  text: string;
  hit: boolean;
}

/** A text cut where one of the searched words stands, without regard to case. */
export function marked(text: string, search: string): MarkedPart[] {
  const words = search.split(/\s+/).filter(Boolean);
  if (words.length === 0) return [{ text, hit: false }];
  const pattern = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`, 'i');
  return text
    .split(new RegExp(pattern, 'gi'))
    .filter(Boolean)
    .map((part) => ({ text: part, hit: pattern.test(part) }));
}
