import assert from 'node:assert/strict';
import { canonicalJson } from '../../../contracts/canonical-json.ts';
import { CertificateData, certificateDigest } from '../../../contracts/certificate.ts';
import { Problem } from '../core/index.ts';
import { createFonts } from '../documents/index.ts';
import { ATTACHMENT, renderCertificate } from './render.ts';

const fonts = createFonts();
const url = 'https://zhunyu.example/v/262400140001/1/AB2CDEFGHJ';

const COLUMNS = {
  field: '领域',
  category: '类别',
  object: '产品/项目',
  parameter: '参数',
  standard: '依据的标准（方法）名称及编号（含年号）',
  limits: '限制范围',
  note: '说明',
};

/** 297 capabilities of two sites, one signatory. */
function certificate(change: (data: CertificateData) => void = () => undefined): CertificateData {
  const annex = (site: string, from: number, to: number) => ({
    id: `capabilities:${site}`,
    title: `批准的检验检测能力表（${site} 贵阳市观山湖区长岭北路 1 号，非食品）`,
    columns: Object.entries(COLUMNS).map(([id, title]) => ({ id, title })),
    rows: Array.from({ length: to - from }, (_, i) => ({
      field: '水质',
      category: '生活饮用水',
      object: '生活饮用水及水源水',
      parameter: `参数-${from + i}-末`,
      standard: `生活饮用水标准检验方法 第 ${(i % 13) + 1} 部分：有机物综合指标；GB/T 5750.${(i % 13) + 1}-2023`,
      limits: i % 7 === 0 ? '只做 8.1 气相色谱法（毛细管柱），不做 8.2' : '',
      note: '',
    })),
  });
  const data: CertificateData = {
    kind: 'cma',
    kindTitle: '检验检测机构资质认定证书',
    number: '262400140001',
    version: 1,
    holder: {
      name: '贵州省黔检检测技术有限公司',
      uscc: '91520000MA00000151',
      address: '贵州省贵阳市观山湖区长岭北路 1 号 3 栋 5 层',
    },
    authority: '贵州省市场监督管理局',
    issuedOn: '2026-11-21',
    validFrom: '2026-11-21',
    validTo: '2032-11-20',
    annexes: [
      annex('总部', 1, 200),
      annex('分部', 200, 298),
      {
        id: 'signatories',
        title: '批准的授权签字人及领域表',
        columns: [
          { id: 'name', title: '姓名' },
          { id: 'signField', title: '授权签字领域' },
        ],
        rows: [{ name: '王珺', signField: '水质' }],
      },
    ],
  };
  change(data);
  return data;
}

const print = async (data: CertificateData) =>
  renderCertificate(data, { digest: await certificateDigest(data), url }, fonts);

async function read<T>(pdf: Buffer, use: (document: import('pdfjs-dist').PDFDocumentProxy) => Promise<T>): Promise<T> {
  const { getDocument, VerbosityLevel } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const task = getDocument({ data: Uint8Array.from(pdf), verbosity: VerbosityLevel.ERRORS, isEvalSupported: false });
  try {
    return await use(await task.promise);
  } finally {
    await task.destroy();
  }
}

const textsOf = (pdf: Buffer) =>
  read(pdf, async (document) => {
    const texts: string[] = [];
    for (let page = 1; page <= document.numPages; page++) {
      const { items } = await (await document.getPage(page)).getTextContent();
      texts.push(items.map((item) => ('str' in item ? item.str : '')).join(''));
    }
    return texts;
  });

describe('certificate printed', function () {
  this.timeout(20_000);
  let pdf: Buffer;
  let pages: string[];
  const data = certificate();

  before(async () => {
    pdf = await print(data);
    pages = await textsOf(pdf);
  });

  it('shows holder, number, dates, authority, place of the seal and digest [CMA-4.4 CMA-3.13]', async () => {
    for (const words of [
      data.kindTitle,
      `证书编号：${data.number}`,
      data.holder.name,
      data.holder.uscc,
      data.holder.address,
      '发证日期：2026 年 11 月 21 日',
      '有效期至：2032 年 11 月 20 日',
      data.authority,
      '（印章）',
      await certificateDigest(data),
    ])
      assert.ok(pages[0].includes(words), words);
  });

  it('lists all 297 rows with heads and page numbers on every page of an annex [CMA-4.4 CMA-4.3]', () => {
    const all = pages.join('');
    const absent = Array.from({ length: 297 }, (_, i) => `参数-${i + 1}-末`).filter((text) => !all.includes(text));
    assert.deepEqual(absent, []);
    const main = pages.filter((text) => text.includes('（总部'));
    assert.ok(main.length > 1);
    main.forEach((text, i) => {
      assert.ok(text.includes(`第 ${i + 1} 页 共 ${main.length} 页`));
      assert.ok(text.includes(`证书编号：${data.number}`));
      assert.ok(text.includes('限制范围'));
    });
  });

  it('carries its data, from which the digest is found again [CMA-4.4]', async () => {
    const attachments = await read(pdf, (document) => document.getAttachments());
    const [content] = Object.values(attachments as Record<string, { filename: string; content: Uint8Array }>).flatMap(
      (file) => (file.filename === ATTACHMENT ? [Buffer.from(file.content).toString()] : []),
    );
    assert.equal(content, canonicalJson(data));
    assert.equal(await certificateDigest(CertificateData.parse(JSON.parse(content))), await certificateDigest(data));
  });

  it('gives the same bytes for the same data', async () => {
    assert.ok(pdf.equals(await print(data)));
  });

  it('sets the small figures of formulas and units from ordinary ones', async () => {
    const formulas = certificate(({ annexes }) => (annexes[2].rows[0].signField = 'SO₂、SO₄²⁻，检出限 10⁻³ mg/m³'));
    const [text] = (await textsOf(await print(formulas))).filter((page) => page.includes('授权签字人及'));
    assert.ok(text.includes('SO2、SO42-，检出限 10-3 mg/m3'), text);
  });

  it('names row and character that the font lacks', async () => {
    const wrong = certificate(({ annexes }) => (annexes[1].rows[4].parameter = '𰻝面'));
    await assert.rejects(print(wrong), (error: Error) => {
      assert.ok(error instanceof Problem);
      assert.equal(error.code, 'certificate-glyphs');
      assert.match(error.zh, /（分部.*第 5 行「参数」的「𰻝」（U\+30EDD）/);
      assert.deepEqual(
        error.fields.map(({ path }) => path),
        ['annexes/1/rows/4/parameter'],
      );
      return true;
    });
  });
});
