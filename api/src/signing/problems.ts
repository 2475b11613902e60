import { problemKind } from '../core/index.ts';

export const linkOver = problemKind(
  'link-over',
  410,
  '这个签名链接已经用过、过期或撤回。请经办人重新发起',
  'This link was used, has expired or was taken back; ask the officer for another',
);
export const documentChanged = problemKind(
  'document-changed',
  409,
  '文书在发起签名之后有变化。请经办人重新发起',
  'The document has changed since; ask the officer for another link',
);
export const noPlace = problemKind(
  'no-place',
  422,
  '这份文书没有留签名处，或已经签过',
  'This document has no such place to sign, or it was signed',
);
