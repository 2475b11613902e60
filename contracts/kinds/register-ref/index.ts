import { defineKind } from '../kind.ts';
import { referenceKind } from '../reference.ts';

/** An entry of a register; choosing it fills the fields that `fills` names. */
export default defineKind({
  kind: 'register-ref',
  title: { zh: '登记库条目', en: 'Register entry' },
  ...referenceKind,
});
