/** Offices, people, roles, grants and divisions, as administrators see and change them. */
import { z } from 'zod';
import { formed } from './formed.ts';

const Name = z.string().trim().min(1).max(100);
const Mobile = formed(/^1\d{10}$/, { zh: '填 11 位手机号，1 开头', en: 'Enter the 11 digits of a mobile, 1 first' });

export const DivisionRow = z.object({
  code: z.string(),
  name: z.string(),
  level: z.enum(['province', 'city', 'county']),
  leaf: z.boolean(),
});
export const DivisionList = z.object({ rows: z.array(DivisionRow) });

export const OfficeProfile = z.object({
  address: z.string().max(200).optional(),
  phone: z.string().max(40).optional(),
  /** Stands for the office in document numbers: 黔市监. */
  code: z.string().max(20).optional(),
});
export const OfficeRow = z.object({
  /** Division code without trailing zeros: 52, 5201, 520102; nine digits for a township. */
  code: z.string(),
  name: z.string(),
  shortName: z.string(),
  level: z.enum(['nation', 'province', 'city', 'county', 'township']),
  division: z.string(),
  parent: z.string().nullable(),
  profile: OfficeProfile,
  version: z.number().int(),
  /** Done away with; it stays for the cases that it had. */
  endedAt: z.string().nullable(),
});
export type OfficeRow = z.infer<typeof OfficeRow>;
export const OfficeList = z.object({ rows: z.array(OfficeRow), next: z.string().nullable() });
/** Level, division and the office above follow from the code. */
export const OfficeBody = z.object({
  code: formed(/^(\d{2}|\d{4}|\d{6}|\d{9})$/, {
    zh: '填数字：省 2 位、市 4 位、县 6 位、乡镇 9 位',
    en: 'Enter digits: province 2, city 4, county 6, township 9',
  }),
  name: Name,
  shortName: Name,
  profile: OfficeProfile.default({}),
});
/** `version`: of what the change was made over. Changed by somebody else meanwhile: 409 `stale`. */
export const OfficeChange = z.object({
  name: Name.optional(),
  shortName: Name.optional(),
  profile: OfficeProfile.optional(),
  version: z.number().int(),
});

/** Ending and opening again: `version` as in `OfficeChange`. */
export const OfficeSeen = OfficeChange.pick({ version: true });

export const RoleRow = z.object({ id: z.string(), zh: z.string(), en: z.string() });
export const RoleList = z.object({ rows: z.array(RoleRow) });

export const PersonRow = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['staff', 'applicant']),
  office: z.string().nullable(),
  officeName: z.string().nullable(),
  position: z.string().nullable(),
  leftAt: z.string().nullable(),
});
export type PersonRow = z.infer<typeof PersonRow>;
export const PersonPage = z.object({ rows: z.array(PersonRow), next: z.string().nullable() });
export const GrantRow = z.object({
  id: z.string(),
  role: z.string(),
  roleTitle: z.string(),
  office: z.string(),
  officeName: z.string(),
  reach: z.enum(['own', 'tree']),
  mayTake: z.boolean(),
  grantedAt: z.string(),
});
export type GrantRow = z.infer<typeof GrantRow>;
export const GrantList = z.object({ rows: z.array(GrantRow) });
export const PersonView = PersonRow.extend({
  mobile: z.string().nullable(),
  email: z.string().nullable(),
  version: z.number().int(),
  accounts: z.array(
    z.object({
      login: z.string(),
      lastSignIn: z.string().nullable(),
      lockedUntil: z.string().nullable(),
      disabled: z.boolean(),
    }),
  ),
  grants: z.array(GrantRow),
  institutions: z.array(z.object({ register: z.string(), id: z.string(), name: z.string(), since: z.string() })),
});
export type PersonView = z.infer<typeof PersonView>;

export const AccountBody = z.object({ login: z.string().min(1).max(100), password: z.string().min(1).max(200) });
export const PersonBody = z.object({
  name: Name,
  kind: z.enum(['staff', 'applicant']),
  /** Staff belong to an office, applicants to none. */
  office: z.string().optional(),
  position: z.string().max(100).optional(),
  mobile: Mobile.optional(),
  email: z.email().max(200).optional(),
  account: AccountBody.optional(),
});
/** `version` as in `OfficeChange`. */
export const PersonChange = z.object({
  version: z.number().int(),
  name: Name.optional(),
  office: z.string().optional(),
  position: z.string().max(100).nullable().optional(),
  mobile: Mobile.nullable().optional(),
  email: z.email().max(200).nullable().optional(),
});
export const GrantBody = z.object({
  role: z.string().min(1).max(60),
  office: z.string().min(1).max(9),
  reach: z.enum(['own', 'tree']),
  /** With `tree`: may take tasks of offices below too. */
  mayTake: z.boolean().default(false),
});
export const RepresentBody = z.object({ register: z.string().max(60), entry: z.uuid() });
export const Made = z.object({ id: z.string() });
