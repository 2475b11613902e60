import type { Response } from 'express';

/** Types that a browser may show by itself; everything else is saved. */
const shown = ['application/pdf', 'image/png', 'image/jpeg'];

/**
 * Sends a stored file so that it can do nothing in our name: no sniffing, no scripts. Browsers refuse to show a PDF
 * in a sandbox, their viewer is one already.
 */
export function sendFile(res: Response, file: { bytes: Buffer; name: string; type: string; download?: boolean }): void {
  const inline = !file.download && shown.includes(file.type);
  const sandbox = file.type === 'application/pdf' && inline ? '' : '; sandbox';
  res.setHeader('Content-Type', file.type);
  res.setHeader('Content-Length', file.bytes.length);
  res.setHeader('Content-Disposition', disposition(inline ? 'inline' : 'attachment', file.name));
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.setHeader(
    'Content-Security-Policy',
    `default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'${sandbox}`,
  );
  res.setHeader('Cache-Control', 'private, no-store');
  res.end(file.bytes);
}

/** RFC 6266: a plain name for old readers, the full one in UTF-8. */
function disposition(way: 'inline' | 'attachment', name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const full = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `${way}; filename="${plain}"; filename*=UTF-8''${full}`;
}
