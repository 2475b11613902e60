/** Bytes of one part of a file that is sent in parts; the last one may be shorter. */
export const UPLOAD_PART = 256 * 1024;
