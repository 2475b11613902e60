/**
 * Text with a little shape: paragraphs, lists, bold, italic, underlined. Everything else loses its tags and keeps its
 * words. Works on the text alone, so that both sides do the same.
 */
const inline = new Set(['strong', 'em', 'u']);
const blocks = new Set(['p', 'ul', 'ol', 'li']);
const same: Record<string, string> = { b: 'strong', i: 'em', div: 'p', h1: 'p', h2: 'p', h3: 'p', h4: 'p' };
/** Their words are no text either. */
const silent = /<(script|style|template|title|head|noscript|iframe|object|svg|math)\b[\s\S]*?(?:<\/\1\s*>|$)/gi;
const token = /<!--[\s\S]*?(?:-->|$)|<(\/?)([a-zA-Z][a-zA-Z0-9]*)(?:[^>"']|"[^"]*"|'[^']*')*>|[^<]+|</g;

/** The same text with known tags only, none of them with an attribute, all of them closed. */
export function sanitised(html: string): string {
  const open: string[] = [];
  let out = '';
  const closeTo = (depth: number) => {
    while (open.length > depth) out += `</${open.pop()}>`;
  };
  for (const [whole, slash, name] of html.replace(silent, '').matchAll(token)) {
    if (whole.startsWith('<!--')) continue;
    if (name === undefined) {
      out += escaped(whole);
      continue;
    }
    const tag = same[name.toLowerCase()] ?? name.toLowerCase();
    if (tag === 'br') out += '<br>';
    else if (!inline.has(tag) && !blocks.has(tag)) continue;
    else if (slash) {
      const at = open.lastIndexOf(tag);
      if (at >= 0) closeTo(at);
    } else {
      const list = Math.max(open.lastIndexOf('ul'), open.lastIndexOf('ol'));
      if (tag === 'li' && list < 0) continue;
      if (tag === 'li' && open.lastIndexOf('li') > list) closeTo(open.lastIndexOf('li'));
      if (tag !== 'li' && blocks.has(tag) && open.includes('p')) closeTo(open.lastIndexOf('p'));
      open.push(tag);
      out += `<${tag}>`;
    }
  }
  closeTo(0);
  return out.replace(/<p>(?:\s|&nbsp;|<br>)*<\/p>/g, '').trim();
}

/** Its words, paragraphs and items of lists in lines of their own. */
export function plain(html: string): string {
  return sanitised(html)
    .replace(/<li>/g, '\n· ')
    .replace(/<br>|<\/p>|<\/?[uo]l>/g, '\n')
    .replace(/<[^>]+>/g, '')
    .replace(/&nbsp;/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
    .replace(/\n{2,}/g, '\n')
    .trim();
}

/** Lines of plain text as paragraphs. */
export const fromPlain = (text: string): string =>
  text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => `<p>${escaped(line)}</p>`)
    .join('');

/** An entity stays one. */
const escaped = (text: string) =>
  text
    .replace(/&(?!(?:amp|lt|gt|quot|nbsp|#39);)/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
