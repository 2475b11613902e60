/** A file that can be looked at. */
export interface Previewed {
  name: string;
  href: string;
  /** Media type; a document of the authority is a PDF. */
  type: string;
}

export function showableAs(type: string): 'pdf' | 'image' | null {
  if (type === 'application/pdf') return 'pdf';
  return /^image\/(png|jpeg|gif|webp)$/.test(type) ? 'image' : null;
}
