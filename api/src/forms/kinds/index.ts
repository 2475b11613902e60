/** The server part of every field kind. */
import type { ScalarKind } from '../../../../contracts/forms/index.ts';
import boolean from './boolean/index.ts';
import checkList from './check-list/index.ts';
import choice from './choice/index.ts';
import computed from './computed/index.ts';
import date from './date/index.ts';
import division from './division/index.ts';
import email from './email/index.ts';
import type { ServerKind } from './kind.ts';
import money from './money/index.ts';
import month from './month/index.ts';
import number from './number/index.ts';
import personId from './person-id/index.ts';
import phone from './phone/index.ts';
import signature from './signature/index.ts';
import standardNo from './standard-no/index.ts';
import text from './text/index.ts';
import textarea from './textarea/index.ts';
import uscc from './uscc/index.ts';

export const serverKinds: Record<ScalarKind, ServerKind> = {
  text,
  textarea,
  number,
  money,
  date,
  month,
  boolean,
  choice,
  'check-list': checkList,
  division,
  uscc,
  'person-id': personId,
  phone,
  email,
  'standard-no': standardNo,
  computed,
  signature,
};

export type { ServerKind } from './kind.ts';
