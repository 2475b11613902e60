/** Entries of the register of testing institutions, from a line of `province.yaml` and the kind of laboratory that it names. */
import { dayNumber, dayText } from '../../../../contracts/days.ts';
import { personIdCheckCharacter } from '../../../../contracts/kinds/person-id/index.ts';
import type { DemoEntry } from './people.ts';

/** What a kind of laboratory tests, and with what. */
export interface Laboratory {
  fieldCategory: string;
  scope: 'food' | 'nonFood';
  field: string;
  department: string;
  vehicleTypes?: string;
  equipment: { name: string; model: string; range: string; traceability: string }[];
  capabilities: {
    category: string;
    object: string;
    parameter: string;
    standardName: string;
    standardNo: string;
    /** Places in `equipment`, from 1. */
    uses: number[];
  }[];
}

export interface Institution {
  name: string;
  uscc: string;
  kind: string;
  public?: boolean;
  division: string;
  address: string;
  legalRep: string;
  manager: string;
  director: string;
  contact: string;
  login: string;
}

const SITE = 'ZB';
/** First the quality manager, then those who test. */
const STAFF = [
  '莫青云',
  '韦思源',
  '罗雪松',
  '石清禾',
  '杨佳树',
  '潘启明',
  '吴秋水',
  '龙海棠',
  '岑长风',
  '覃微雨',
  '黎江月',
  '田甜',
];

/** `index` makes people and numbers of one institution differ from another's; `today` is the day that equipment is valid after. */
export function institutionEntry(of: Institution, laboratory: Laboratory, index: number, today: string): DemoEntry {
  const staff = [...new Set([of.manager, of.director, of.contact])].concat(
    [0, 1, 2, 3, 4].map((i) => STAFF[(index * 5 + i) % STAFF.length]!),
  );
  return {
    fields: { ...profileOf(of, laboratory, index), ...countsOf(laboratory, staff.length, index) },
    tables: {
      sites: [siteOf(of, index)],
      people: staff.map((name, i) => personOf(name, i, of, laboratory)),
      signatories: [of.director, staff.at(-5)!].map((name, i) => signatoryOf(name, i, laboratory, index)),
      equipment: laboratory.equipment.map((item, i) => ({
        ...item,
        code: codeOf(i + 1),
        validUntil: dayText(dayNumber(today) + 300 + ((index + i) % 5) * 60),
        confirmed: 'yes',
        site: SITE,
      })),
      capabilities: laboratory.capabilities.map(({ uses, ...row }) => ({
        ...row,
        site: SITE,
        scope: laboratory.scope,
        field: laboratory.field,
        equipment: uses.map(codeOf).join(','),
        methodKind: 'standard',
      })),
    },
  };
}

const codeOf = (place: number) => `YQ-${String(place).padStart(2, '0')}`;
const mobileOf = (index: number, person: number) => `138000${String(1000 + index * 20 + person)}0`.slice(0, 11);

function profileOf(
  of: Institution,
  { fieldCategory, vehicleTypes }: Laboratory,
  index: number,
): Record<string, unknown> {
  const phone = `0851-8${String(1_000_100 + index * 10)}`;
  const id = `${of.division}${1970 + (index % 15)}0${1 + (index % 9)}1${index % 10}00${1 + (index % 9)}`;
  return {
    name: of.name,
    uscc: of.uscc,
    independent: 'yes',
    legalCategory: of.public ? 'public' : 'enterprise',
    fieldCategory,
    ...(vehicleTypes && { vehicleTypes }),
    siteCharacter: ['fixed'],
    division: of.division,
    address: of.address,
    postcode: '550000',
    phone,
    fax: phone,
    email: `${of.login}@example.com`,
    legalRepName: of.legalRep,
    legalRepPosition: of.public ? '主任' : '执行董事',
    legalRepLandline: phone,
    legalRepMobile: mobileOf(index, 1),
    topManagerName: of.manager,
    topManagerPosition: of.public ? '主任' : '总经理',
    topManagerLandline: phone,
    topManagerMobile: mobileOf(index, 2),
    techDirectorName: of.director,
    techDirectorIdType: 'resident',
    techDirectorIdNumber: id + personIdCheckCharacter(id),
    techDirectorTitle: 'senior',
    techDirectorEducation: 'master',
    techDirectorYears: 12 + (index % 10),
    techDirectorPosition: '技术负责人',
    techDirectorLandline: phone,
    techDirectorMobile: mobileOf(index, 3),
    contactName: of.contact,
    contactPosition: '办公室主任',
    contactLandline: phone,
    contactMobile: mobileOf(index, 4),
    deptName: '贵州省市场监督管理局',
    deptHeadName: '陈屹楠',
    deptHeadPosition: '处长',
    deptHeadPhone: '0851-80000900',
    deptDivision: '520102',
    deptAddress: '示例大道 1 号',
    admission: 'admitted',
  };
}

function countsOf({ equipment }: Laboratory, staff: number, index: number): Record<string, unknown> {
  return {
    staffTotal: staff,
    staffSenior: 2,
    staffIntermediate: 2,
    staffJunior: staff - 4,
    staffOther: 0,
    fixedAssets: (600 + (index % 7) * 85) * 1_000_000,
    instrumentCount: equipment.length,
    equipOwnPct: 100,
    equipRentPct: 0,
    equipJointPct: 0,
    premisesOwnPct: 100,
    premisesRentPct: 0,
    premisesOtherPct: 0,
    areaTotal: 800 + index * 35,
    areaTesting: 500 + index * 25,
    areaConstantTemp: 120,
    areaOutdoor: 0,
  };
}

const siteOf = (of: Institution, index: number) => ({
  code: SITE,
  name: '本部实验室',
  division: of.division,
  address: of.address,
  siteType: 'fixed',
  ownership: 'own',
  area: 800 + index * 35,
  contactName: of.contact,
  contactMobile: mobileOf(index, 4),
});

const personOf = (name: string, place: number, of: Institution, { department }: Laboratory) => ({
  name,
  gender: place % 2 === 0 ? 'female' : 'male',
  birthYear: 1974 + place * 2,
  education: place < 3 ? 'master' : 'bachelor',
  position: name === of.manager ? '最高管理者' : name === of.director ? '技术负责人' : '检验员',
  title: place < 2 ? 'senior' : place < 4 ? 'intermediate' : 'junior',
  major: '分析化学',
  years: 20 - place,
  department: name === of.contact ? '综合办公室' : department,
});

const signatoryOf = (name: string, place: number, { scope, field, department }: Laboratory, index: number) => ({
  name,
  gender: place % 2 === 0 ? 'female' : 'male',
  birthMonth: `${1974 + place * 4}-0${1 + (index % 9)}`,
  position: place === 0 ? '技术负责人' : '检测室主任',
  title: place === 0 ? 'senior' : 'intermediate',
  education: 'master',
  department,
  phone: mobileOf(index, 5 + place),
  signField: field,
  scope,
  site: SITE,
  graduation: '毕业于示例大学分析化学专业，参加过资质认定评审准则培训',
  experience: `从事检验检测工作 ${16 - place * 4} 年`,
  years: 16 - place * 4,
});
