/** A file that can be looked at. */
export interface Previewed {
  name: string;
  href: string;
  /** Media type; a document of the authority is a PDF. */
  type: string;
}

/** `made`: the server makes something of it that can be shown. */
export function showableAs(type: string): 'pdf' | 'image' | 'video' | 'made' | null {
  if (type === 'application/pdf') return 'pdf';
  if (/^image\/(png|jpeg|gif|webp)$/.test(type)) return 'image';
  if (/^video\/(mp4|webm)$/.test(type)) return 'video';
  return /openxmlformats|\/zip$/.test(type) ? 'made' : null;
}
