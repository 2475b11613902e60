import PizZip from 'pizzip';

/** A Word file whose linked pictures, templates and objects are not fetched from anywhere; hyperlinks stay. */
export function withoutLinkedParts(docx: Buffer): Buffer {
  const zip = new PizZip(docx);
  for (const { name } of zip.file(/\.rels$/)) {
    const text = zip.file(name)!.asText();
    const cut = text.replace(/<Relationship\b[^>]*\bTargetMode="External"[^>]*>/g, (link) =>
      /\/hyperlink"/.test(link) ? link : link.replace(/\bTarget="[^"]*"/, 'Target="about:blank"'),
    );
    if (cut !== text) zip.file(name, cut);
  }
  return zip.generate({ type: 'nodebuffer', compression: 'DEFLATE' });
}
