/**
 * The guides of `docs/` as manuals of the product: Markdown of ours, a section per heading of the second order. A heading
 * names its section with `{#id}` at the end, which pages refer to.
 */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import MarkdownIt from 'markdown-it';
import { MANUALS, type Manual, type ManualId } from '../../../contracts/api/index.ts';
import { notFound } from '../core/index.ts';

const FILES: Record<ManualId, string> = {
  applicant: 'guides/applicant.md',
  approver: 'guides/approver.md',
  administrator: 'guides/administrator.md',
  operator: 'guides/operator.md',
  analyst: 'flows.md',
};
const PICTURE = /^[a-z0-9-]+\.(png|jpg)$/;

export interface Manuals {
  list(): Promise<{ id: ManualId; title: string }[]>;
  read(id: ManualId): Promise<Manual>;
  /** The whole manual with its pictures as one HTML file. */
  file(id: ManualId): Promise<{ name: string; bytes: Buffer }>;
  /** @throws not-found */
  picture(name: string): Promise<{ bytes: Buffer; type: string }>;
}

/** @param pictures address below which browsers find the pictures */
export function createManuals({ docs, pictures }: { docs: string; pictures: string }): Manuals {
  const markdown = new MarkdownIt({ html: false, linkify: false });
  const draw = markdown.renderer.rules.image!;
  markdown.renderer.rules.image = (tokens, i, options, env, self) => {
    const token = tokens[i]!;
    token.attrSet('src', `${pictures}/${basename(String(token.attrGet('src')))}`);
    token.attrSet('loading', 'lazy');
    return draw(tokens, i, options, env, self);
  };

  // What a guide says of files of the project leads nowhere in the product.
  const open =
    markdown.renderer.rules.link_open ?? ((tokens, i, options, _env, self) => self.renderToken(tokens, i, options));
  markdown.renderer.rules.link_open = (tokens, i, options, env, self) => {
    const token = tokens[i]!;
    if (!/^(#|https?:)/.test(String(token.attrGet('href')))) token.attrs = null;
    return open(tokens, i, options, env, self);
  };

  async function read(id: ManualId): Promise<Manual> {
    const [head, ...parts] = (await readFile(join(docs, FILES[id]), 'utf8')).split(/^## /m);
    const [, title = '', about = ''] = /^# (.+)\n([^]*)$/.exec(head!) ?? [];
    return {
      id,
      title,
      sections: [
        { id: 'about', title, html: markdown.render(about) },
        ...parts.map((part, i) => {
          const [line = '', ...text] = part.split('\n');
          const [, name = '', own] = /^(.+?)(?:\s*\{#([a-z][a-z0-9-]*)\})?\s*$/.exec(line) ?? [];
          return { id: own ?? `section-${i + 1}`, title: name, html: markdown.render(text.join('\n')) };
        }),
      ],
    };
  }

  async function picture(name: string): Promise<{ bytes: Buffer; type: string }> {
    const kind = PICTURE.exec(name)?.[1];
    if (!kind) throw notFound();
    const bytes = await readFile(join(docs, 'images', name)).catch(() => {
      throw notFound();
    });
    return { bytes, type: kind === 'jpg' ? 'image/jpeg' : 'image/png' };
  }

  return {
    list: () => Promise.all(MANUALS.map(async (id) => ({ id, title: (await read(id)).title }))),
    read,
    picture,

    async file(id) {
      const { title, sections } = await read(id);
      const body = sections.map(
        (one, i) => `${i > 0 ? `<h2 id="${one.id}">${markdown.utils.escapeHtml(one.title)}</h2>` : ''}${one.html}`,
      );
      let html = body.join('\n');
      for (const [, name] of html.matchAll(new RegExp(`src="${pictures}/([^"]+)"`, 'g'))) {
        const { bytes, type } = await picture(name!);
        html = html.replaceAll(`src="${pictures}/${name}"`, `src="data:${type};base64,${bytes.toString('base64')}"`);
      }
      return { name: `${title}.html`, bytes: Buffer.from(page(markdown.utils.escapeHtml(title), html)) };
    },
  };
}

const STYLE = `body{max-width:46em;margin:2em auto;padding:0 1em;font:16px/1.75 sans-serif;color:#1b2330}
img{max-width:100%;border:1px solid #e1e6ec}table{border-collapse:collapse}td,th{border:1px solid #c8d0da;padding:4px 8px;text-align:left}
pre{overflow:auto;background:#f3f5f8;padding:8px}@media print{h2{break-after:avoid}img{max-height:18cm}}`;

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${STYLE}</style></head><body><h1>${title}</h1>\n${body}\n</body></html>\n`;
