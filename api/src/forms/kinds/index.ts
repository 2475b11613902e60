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
import dateRange from './date-range/index.ts';
import datetime from './datetime/index.ts';
import files from './files/index.ts';
import mapPoint from './map-point/index.ts';
import organisation from './organisation/index.ts';
import person from './person/index.ts';
import photo from './photo/index.ts';
import position from './position/index.ts';
import registerRef from './register-ref/index.ts';
import richText from './rich-text/index.ts';
import scan from './scan/index.ts';
import treeChoice from './tree-choice/index.ts';
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
  'date-range': dateRange,
  datetime,
  files,
  'map-point': mapPoint,
  organisation,
  person,
  photo,
  position,
  'register-ref': registerRef,
  'rich-text': richText,
  scan,
  'tree-choice': treeChoice,
};

export type { ServerKind } from './kind.ts';
