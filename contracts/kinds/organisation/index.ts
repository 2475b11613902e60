import { defineKind } from '../kind.ts';
import { referenceKind } from '../reference.ts';

/** An office of the authority by its code, or several. */
export default defineKind({ kind: 'organisation', title: { zh: '机关', en: 'Office' }, ...referenceKind });
