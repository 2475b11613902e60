import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import PizZip from 'pizzip';
import { fillTemplate, tagsOf, type TemplateData } from '../api/src/documents/index.ts';
import { formFile } from '../api/src/flows/testing-forms.ts';
import { allFields, isTable, scalarFields, type Field, type FormSchema } from '../contracts/forms/index.ts';
import { isEmpty, kinds } from '../contracts/kinds/index.ts';

const here = (path: string) => new URL(path, import.meta.url);
const json = async (path: string) => JSON.parse(await readFile(here(path), 'utf8'));

const SERVICE = 'title number addressee way basis place sentAt servedAt receiver server note hash'.split(' ');

/** Everything that a template may use, with the fixture's institution: 300 capabilities, three of them refused. */
async function sample(): Promise<TemplateData> {
  const flow = await json('../workflows/cma-initial/flow.json');
  const schema = (await formFile('cma-initial', 'application')) as FormSchema;
  const institution = await json('../workflows/cma-initial/fixtures/institution-a.json');
  const application = await json('../workflows/cma-initial/fixtures/application-a.json');
  const values = { ...institution.fields, ...application.fields };
  const print = (fields: Field[], row: Record<string, unknown>) =>
    Object.fromEntries(
      fields.map((field) => {
        const value = row[field.key];
        return [field.key, isEmpty(value) ? '' : kinds[field.type].format(value, field, 'zh')];
      }),
    );
  const tables = Object.fromEntries(
    allFields(schema).flatMap(({ field }) =>
      isTable(field)
        ? [[field.key, institution.tables[field.key].map((row: Record<string, unknown>) => print(field.columns, row))]]
        : [],
    ),
  );
  const refuse = (table: string, row: Record<string, string>) => ({ table, ...row, reason: '现场试验不合格' });
  const limits = [...flow.clocks.map(({ id }: { id: string }) => id), 'supply'];
  return {
    doc: { number: '黔市监许〔2026〕1号', date: '2026年11月21日', title: '决定书' },
    office: {
      name: '贵州省市场监督管理局',
      shortName: '省局',
      code: '52',
      address: '长岭北路 1 号',
      phone: '0851-86800000',
    },
    case: {
      number: 'CMA-2026-00001',
      title: '首次申请',
      item: flow.title.zh,
      receivedOn: '2026年11月2日',
      acceptedOn: '2026年11月6日',
    },
    applicant: { name: values.name, uscc: values.uscc, address: values.address, contact: '张三', phone: '13800000000' },
    form: print(scalarFields(schema), values),
    forms: { application: print(scalarFields(schema), values) },
    values,
    tables,
    missing: [{ item: '质量手册', reason: '缺第 3 章' }],
    findings: [{ clause: '2.11.1', fact: '天平未校准', requirement: '校准后提交证书' }],
    approved: { capabilities: tables.capabilities.slice(3), signatories: tables.signatories.slice(1) },
    refused: [
      ...tables.capabilities.slice(0, 3).map((row: Record<string, string>) => refuse('capabilities', row)),
      refuse('signatories', tables.signatories[0]),
    ],
    certificate: {
      number: '262400140001',
      validFrom: '2026年11月21日',
      validTo: '2032年11月20日',
      change: { title: '暂停', ground: '不再符合条件', article: '第三条', until: '2027年1月20日' },
    },
    signer: { name: '李四', position: '局长' },
    today: '2026年11月21日',
    deadlines: Object.fromEntries(limits.map((id: string) => [id, { limit: '20 个工作日', dueOn: '2026年12月18日' }])),
    opinion: '同意',
    reason: '不属于许可范围',
    service: Object.fromEntries(SERVICE.map((key) => [key, `送达 ${key}`])),
  };
}

const textOf = (docx: Buffer) =>
  new PizZip(docx)
    .file('word/document.xml')!
    .asText()
    .replace(/<[^>]*>/g, '');

describe('Word templates', () => {
  it('carry the styles that they use, not those of a whole gallery: these are read for every page [PLT-6.1]', async () => {
    const files = (await readdir(here('.'), { recursive: true })).filter((file) => file.endsWith('.docx'));
    assert.ok(files.length > 20);
    for (const file of files) {
      const zip = new PizZip(await readFile(here(file)));
      const sizes = Object.values(zip.files).map((part) =>
        part.name === 'word/document.xml' ? 0 : part.asUint8Array().length,
      );
      const total = sizes.reduce((sum, size) => sum + size, 0);
      assert.ok(total < 60_000, `${file}: ${total} bytes besides its text`);
    }
  });
});

describe('Word templates of cma-initial', function () {
  this.timeout(30_000);
  let data: TemplateData;
  let files: string[];

  before(async () => {
    data = await sample();
    const own = (await readdir(here('cma'))).filter((file) => file.endsWith('.docx'));
    files = [...own.map((file) => `cma/${file}`), 'shared/proof-of-service.docx'];
  });

  const fill = async (file: string, missing: string[] = []) =>
    textOf(fillTemplate(await readFile(here(file)), data, { onMissing: (path) => missing.push(path) }));

  it('are those that the flow names [CMA-3.9]', async () => {
    const declared = Object.values<{ template: string }>(await json('../workflows/cma-initial/documents.json'));
    const named = declared.map(({ template }) => template).filter((file) => file.endsWith('.docx'));
    assert.deepEqual(files.sort(), named.sort());
  });

  it('read only what there is, and print every tag [CMA-3.9]', async () => {
    for (const file of files) {
      const missing: string[] = [];
      const text = await fill(file, missing);
      assert.deepEqual([...new Set(missing)], [], file);
      assert.doesNotMatch(text, /[{}]|undefined|\[object/, file);
      assert.ok(tagsOf(await readFile(here(file))).length > 0);
    }
  });

  it('have the place of the seal [CMA-3.9]', async () => {
    for (const file of files) assert.equal((await fill(file)).split('（印章）').length, 2, file);
  });

  it('put all 300 capabilities, 12 signatories, 45 people into the book, food apart [CMA-3.2]', async () => {
    const text = await fill('cma/application-book.docx');
    for (const row of data.tables.capabilities)
      assert.ok(text.includes(row.parameter + row.standardName), row.parameter);
    for (const row of [...data.tables.signatories, ...data.tables.people]) assert.ok(text.includes(row.name), row.name);
    const parts = new Set(data.tables.capabilities.map(({ site, scope }) => `${site}|${scope}`));
    assert.equal(text.split('附表 1　检验检测能力申请表检验检测场所').length - 1, parts.size);
  });

  it('tick the type of application and say what certificate there is [CMA-3.1]', async () => {
    const text = await fill('cma/application-book.docx');
    assert.match(text, /☑ 首次　□ 扩项　□ 地址变更　□ 复查/);
    assert.match(text, /2.2　已获证书证书编号：262400140001　　有效期至：2032年11月20日/);
    assert.match(text, /4.4　新申请地址1. /);
    data.values.applicationType = 'renewal';
    assert.match(await fill('cma/application-book.docx'), /□ 首次　.*☑ 复查.*4.4　新申请地址无/);
    data.values.applicationType = 'initial';
  });

  it('say what was decided, or that silence accepted as of the receipt [CMA-4.3 PLT-5.4]', async () => {
    const decided = await fill('cma/acceptance-notice.docx');
    assert.match(decided, /经审查，.*第三十二条第一款第五项.*，决定自2026年11月6日起予以受理。/);
    assert.doesNotMatch(decided, /逾期/);
    const signer = data.signer;
    data.signer = { name: '', position: '' };
    const silent = await fill('cma/acceptance-notice.docx');
    assert.match(silent, /第三十二条第一款第四项的规定，你单位的申请自收到申请材料之日（2026年11月6日）起即为受理。/);
    assert.doesNotMatch(silent, /经审查|决定自/);
    data.signer = signer;
  });

  it('leave places for signatures where the way of service asks for them [PLT-6.1]', async () => {
    const lines = async (way: string) => {
      data.service!.way = way;
      return (await fill('shared/proof-of-service.docx')).match(/（.{3,4}签名）/g);
    };
    assert.deepEqual(await lines('直接送达'), ['（受送达人签名）']);
    assert.deepEqual(await lines('留置送达'), ['（见证人签名）']);
    assert.deepEqual(await lines('电子送达'), null);
  });

  it('state approved and refused numbers and list what is refused [CMA-4.3]', async () => {
    const text = await fill('cma/grant-decision.docx');
    assert.match(text, /批准检验检测能力297项、授权签字人11人；未批准检验检测能力3项、授权签字人1人/);
    assert.equal(text.split('现场试验不合格').length - 1, 4);
  });
});
