import { problemKind } from '../core/index.ts';

export const readOnly = problemKind(
  'form-read-only',
  409,
  '这份表单现在不能改，办理到您这一步才能改',
  'This form cannot be changed now',
);
export const locked = problemKind('locked', 409, '有内容不在这次可改的范围里', 'Some of this may not be changed now');
export const tooManyRows = problemKind('too-many-rows', 400, '行数超过上限', 'Too many rows');
