/** What the demonstration begins with: a province, a city and a county, one person per role, an applicant with an institution. */
import { readFile } from 'node:fs/promises';
import type { Knex } from 'knex';
import type { Calendar } from '../calendar/index.ts';
import type { Core } from '../core/index.ts';
import type { Organisation } from '../organisation/index.ts';
import type { Registers } from '../registers/index.ts';

/** For the demonstration only, known to everybody; `DEMO_PASSWORD` replaces it. */
export const DEMO_PASSWORD = 'Zhunyu-demo-2026';
/** Years whose holidays the State Council hasn't announced yet. */
const PROVISIONAL_YEARS = [2027];
const INSTITUTION = new URL('../../../workflows/cma-initial/fixtures/institution-a.json', import.meta.url);

export interface DemoServices {
  core: Pick<Core, 'db'>;
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
  grants: [role: string, office: string, reach: 'own' | 'tree'][];
}

const OFFICES = [
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
  { title: '申请人', name: '吴采薇', login: 'shenqing', grants: [] },
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
    for (const office of OFFICES)
      if (!(await trx('office').where({ code: office.code }).first('code')))
        await organisation.createOffice(trx, office, BY);
    const institutionId = await seedInstitution(trx, services);
    for (const person of DEMO_PEOPLE) await seedPerson(trx, organisation, person, institutionId, password);
  });
  return Object.fromEntries(DEMO_PEOPLE.map(({ title, login }) => [title, { login, password }]));
}

const BY = { personId: null };

async function seedPerson(
  trx: Knex.Transaction,
  organisation: Organisation,
  { name, login, position, office, grants }: DemoPerson,
  institutionId: string,
  password: string,
): Promise<void> {
  if (await trx('account').where({ login }).first('login')) return;
  const kind = office ? 'staff' : 'applicant';
  const account = { login, password };
  const personId = await organisation.createPerson(trx, { name, kind, office, position, account }, BY);
  for (const [role, at, reach] of grants)
    await organisation.grant(trx, { personId, role, office: at, reach, mayTake: false }, BY);
  if (!office) await organisation.represent(trx, { personId, institutionId }, BY);
}

/** The institution's profile goes into the register; sites, people, equipment and capabilities are applied for. */
async function seedInstitution(trx: Knex.Transaction, { registers }: DemoServices): Promise<string> {
  const { fields } = JSON.parse(await readFile(INSTITUTION, 'utf8')) as { fields: Record<string, unknown> };
  const known = await trx('institution').where({ uscc: fields.uscc }).first('id');
  return known?.id ?? registers.write(trx, { register: 'institution', fields });
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
