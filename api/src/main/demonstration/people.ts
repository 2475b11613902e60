/** What every world begins with: a province, a city and two counties, one person per role, applicants with an institution and an enterprise. */
import { readFile } from 'node:fs/promises';
import type { Knex } from 'knex';
import type { Calendar } from '../../calendar/index.ts';
import type { Core } from '../../core/index.ts';
import { messageSettings } from '../../messages/index.ts';
import type { Organisation } from '../../organisation/index.ts';
import type { Registers } from '../../registers/index.ts';

/** For the demonstration only, known to everybody; `DEMO_PASSWORD` replaces it. */
export const DEMO_PASSWORD = 'Zhunyu-demo-2026';
/** Years whose holidays the State Council hasn't announced yet. */
const PROVISIONAL_YEARS = [2027];
const INSTITUTION = new URL('../../../../workflows/cma-initial/fixtures/institution-a.json', import.meta.url);
/** Whom the applicants act for, by register. */
export const DEMO_SUBJECTS = { institution: '贵州黔岭示例检测技术有限公司', enterprise: '贵州晴溪示例电器有限公司' };
const ADMITTED_ON = '2026-01-12';

export interface DemoServices {
  core: Pick<Core, 'db' | 'time'>;
  organisation: Organisation;
  calendar: Pick<Calendar, 'seed'>;
  registers: Pick<Registers, 'write'>;
}

export interface DemoPerson {
  title: string;
  name: string;
  login: string;
  position?: string;
  office?: string;
  mobile?: string;
  /** Register with the entry that an applicant acts for. */
  actsFor?: 'institution' | 'enterprise';
  grants: [role: string, office: string, reach: 'own' | 'tree'][];
}

export interface DemoOffice {
  code: string;
  name: string;
  shortName: string;
  /** `code` begins the numbers of its documents. */
  profile: { code: string; address: string; phone: string };
}

/** An entry of a register with the rows of its child tables. */
export interface DemoEntry {
  fields: Record<string, unknown>;
  tables?: Record<string, Record<string, unknown>[]>;
}

const OFFICES: DemoOffice[] = [
  {
    code: '52',
    name: '贵州省市场监督管理局',
    shortName: '省市场监管局',
    profile: { code: '黔市监', address: '贵阳市云岩区示范路 1 号', phone: '0851-00000052' },
  },
  {
    code: '5201',
    name: '贵阳市市场监督管理局',
    shortName: '贵阳市市场监管局',
    profile: { code: '筑市监', address: '贵阳市观山湖区示范路 2 号', phone: '0851-00005201' },
  },
  {
    code: '520102',
    name: '贵阳市南明区市场监督管理局',
    shortName: '南明区市场监管局',
    profile: { code: '南市监', address: '贵阳市南明区示范路 3 号', phone: '0851-00520102' },
  },
  {
    code: '520103',
    name: '贵阳市云岩区市场监督管理局',
    shortName: '云岩区市场监管局',
    profile: { code: '云市监', address: '贵阳市云岩区示范路 4 号', phone: '0851-00520103' },
  },
];

/** Invented, as everything of the demonstration. */
const ENTERPRISE: DemoEntry = {
  fields: {
    name: DEMO_SUBJECTS.enterprise,
    uscc: '91520102MA8QX0T2M9',
    division: '520102',
    address: '贵阳市南明区示例路 200 号',
    legalRepName: '任书遥',
    legalRepMobile: '13800006001',
    contactName: '孟清和',
    contactMobile: '13800006002',
    contactEmail: 'quality@example.com',
  },
  tables: {
    products: [
      { name: '储水式电热水器', brand: '晴溪', model: 'QX-60A', category: '家用电器', standardNo: 'GB 4706.12-2006' },
      { name: '儿童安全座椅', brand: '晴溪', model: 'QX-S3', category: '儿童用品', standardNo: 'GB 27887-2024' },
    ],
  },
};

/** The two people who handle recalls at an office. */
const recallPeople = (place: string, office: string, login: string, handler: string, leader: string): DemoPerson[] => [
  {
    title: `${place}召回承办岗`,
    name: handler,
    login,
    position: '质量监督部门',
    office,
    grants: [['recall.handler', office, 'own']],
  },
  {
    title: `${place}召回审批岗`,
    name: leader,
    login: `${login}-sp`,
    position: '分管领导',
    office,
    grants: [['recall.leader', office, 'own']],
  },
];

/** All names are invented. */
export const DEMO_PEOPLE: DemoPerson[] = [
  {
    title: '受理岗',
    name: '韦若岚',
    login: 'shouli',
    position: '政务服务窗口',
    office: '52',
    grants: [['cma.acceptance', '52', 'own']],
  },
  {
    title: '评审岗',
    name: '田沐辰',
    login: 'pingshen',
    position: '认可检测处',
    office: '52',
    grants: [['cma.review', '52', 'own']],
  },
  {
    title: '审查岗',
    name: '龙景和',
    login: 'shencha',
    position: '行政审批处',
    office: '52',
    grants: [['cma.examine', '52', 'own']],
  },
  {
    title: '决定岗',
    name: '杨书禾',
    login: 'jueding',
    position: '分管领导',
    office: '52',
    grants: [['cma.decide', '52', 'own']],
  },
  {
    title: '省局领导',
    name: '陆承安',
    login: 'lingdao',
    position: '局领导',
    office: '52',
    grants: [
      ['cma.decide', '52', 'tree'],
      ['leader', '52', 'own'],
    ],
  },
  {
    title: '管理员',
    name: '白启明',
    login: 'guanli',
    position: '信息中心',
    office: '52',
    grants: [['admin', '52', 'tree']],
  },
  {
    title: '运维',
    name: '石远航',
    login: 'yunwei',
    position: '信息中心',
    office: '52',
    grants: [['operator', '52', 'tree']],
  },
  {
    title: '业务分析员',
    name: '蒙知微',
    login: 'fenxi',
    position: '信息中心',
    office: '52',
    grants: [['analyst', '52', 'own']],
  },
  {
    title: '南明区受理岗',
    name: '安晓棠',
    login: 'nanming',
    position: '注册登记科',
    office: '520102',
    grants: [['cma.acceptance', '520102', 'own']],
  },
  {
    title: '初审岗',
    name: '罗知秋',
    login: 'chushen',
    position: '行政审批处',
    office: '52',
    grants: [['cma.first', '52', 'own']],
  },
  {
    title: '复审岗',
    name: '潘维安',
    login: 'fushen',
    position: '行政审批处',
    office: '52',
    grants: [['cma.second', '52', 'own']],
  },
  {
    title: '审定岗',
    name: '聂怀瑾',
    login: 'shending',
    position: '行政审批处',
    office: '52',
    grants: [['cma.final', '52', 'own']],
  },
  {
    title: '贵阳市召回审查岗',
    name: '闻人澄',
    login: 'zhaohui-sc',
    position: '行政服务中心',
    office: '5201',
    grants: [['recall.examine', '5201', 'own']],
  },
  ...recallPeople('省局', '52', 'zhaohui', '冉一舟', '代望舒'),
  ...recallPeople('贵阳市', '5201', 'zhaohui-gy', '申行简', '骆青岚'),
  ...recallPeople('南明区', '520102', 'zhaohui-nm', '令狐安', '游子衿'),
  ...recallPeople('云岩区', '520103', 'zhaohui-yy', '班若水', '向晚晴'),
  { title: '申请人', name: '吴采薇', login: 'shenqing', mobile: '13800007001', actsFor: 'institution', grants: [] },
  { title: '生产企业', name: '宋予安', login: 'qiye', mobile: '13800007002', actsFor: 'enterprise', grants: [] },
];

/**
 * Makes what is missing of the demonstration, in one transaction; a second run changes nothing. Answers the people by
 * title with what they sign in with.
 */
export async function seedDemo(
  services: DemoServices,
  password = DEMO_PASSWORD,
): Promise<Record<string, { login: string; password: string }>> {
  const { core, organisation, calendar } = services;
  await organisation.start();
  await core.db.transaction(async (trx) => {
    await trx.raw(`select pg_advisory_xact_lock(hashtext('demonstration'))`);
    await calendar.seed(trx, PROVISIONAL_YEARS);
    for (const office of OFFICES) await seedOffice(trx, organisation, office);
    const entries = {
      institution: await seedEntry(trx, services, 'institution', { fields: await institutionFields() }),
      enterprise: await seedEntry(trx, services, 'enterprise', ENTERPRISE),
    };
    for (const { key } of messageSettings)
      await trx('setting').insert({ key, value: '[52]', changed_at: core.time.now() }).onConflict('key').ignore();
    for (const person of DEMO_PEOPLE)
      await seedPerson(trx, organisation, person, password, person.actsFor && entries[person.actsFor]);
  });
  return demoAccounts(password);
}

/** What the people sign in with, by title. */
export const demoAccounts = (password = DEMO_PASSWORD): Record<string, { login: string; password: string }> =>
  Object.fromEntries(DEMO_PEOPLE.map(({ title, login }) => [title, { login, password }]));

const BY = { personId: null };

/** `entry` is what the person acts for in the register `actsFor`. */
export async function seedPerson(
  trx: Knex.Transaction,
  organisation: Organisation,
  { name, login, position, office, mobile, actsFor, grants }: DemoPerson,
  password: string,
  entry?: string,
): Promise<void> {
  if (await trx('account').where({ login }).first('login')) return;
  const kind = office ? 'staff' : 'applicant';
  const account = { login, password };
  const contact = mobile ? { mobile, email: `${login}@example.com` } : {};
  const personId = await organisation.createPerson(trx, { ...contact, name, kind, office, position, account }, BY);
  for (const [role, at, reach] of grants)
    await organisation.grant(trx, { personId, role, office: at, reach, mayTake: false }, BY);
  if (actsFor && entry) await organisation.represent(trx, { personId, register: actsFor, entry }, BY);
}

/** The institution's profile goes into the register as that of an admitted one; sites, people, equipment and capabilities are applied for. */
async function institutionFields(): Promise<Record<string, unknown>> {
  const { fields } = JSON.parse(await readFile(INSTITUTION, 'utf8'));
  return { ...fields, admission: 'admitted', admissionOn: ADMITTED_ON };
}

/** Answers the entry's id. `tables` are the rows of its child tables. */
export async function seedEntry(
  trx: Knex.Transaction,
  { registers }: Pick<DemoServices, 'registers'>,
  register: 'institution' | 'enterprise',
  { fields, tables = {} }: DemoEntry,
): Promise<string> {
  const known = await trx(register).where({ uscc: fields.uscc }).first('id');
  if (known) return known.id;
  const children = Object.entries(tables).map(([id, rows]) => [id, { rows, mode: 'merge' as const }]);
  return registers.write(trx, { register, fields, children: Object.fromEntries(children) });
}

export async function seedOffice(trx: Knex.Transaction, organisation: Organisation, office: DemoOffice): Promise<void> {
  if (await trx('office').where({ code: office.code }).first('code')) return;
  await organisation.createOffice(trx, office, BY);
}

/** The accounts as the supervisor shows them. */
export function accountTable(password: string): string {
  const rows = DEMO_PEOPLE.map(({ login, name, title }) => [login, password, name, title]);
  return [['账号 login', '密码 password', '人员', '岗位 role'], ...rows]
    .map((cells) =>
      `  ${cells.map((cell, i) => cell + ' '.repeat(Math.max(0, WIDTHS[i]! - widthOf(cell)))).join('')}`.trimEnd(),
    )
    .join('\n');
}

const WIDTHS = [14, 22, 10, 0];
/** Columns on a terminal: Chinese characters take two. */
const widthOf = (text: string) => [...text].reduce((sum, char) => sum + (char > '\u2e7f' ? 2 : 1), 0);
