import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderCertificate } from '../../api/src/certificates/index.ts';
import { createFonts } from '../../api/src/documents/index.ts';
import type { CertificateData } from '../../contracts/certificate.ts';
import { CMA } from '../kit.ts';
import { inTurn, type Row } from '../row.ts';

const COLUMNS = {
  field: '领域',
  category: '类别',
  object: '产品/项目',
  parameter: '参数',
  standardName: '标准（方法）名称',
  standardNo: '编号（含年号）',
  limits: '限制范围',
};

export const annex: Row = {
  id: 'annex',
  title: '证书附表 300 项能力，排版成 PDF',
  limit: 400,
  figure: 'median',
  async measure() {
    const { tables } = JSON.parse(await readFile(join(CMA, 'fixtures', 'institution-a.json'), 'utf8')) as Fixture;
    const fonts = createFonts();
    const draw = (rows: Record<string, string>[]) =>
      renderCertificate(certificate(rows), { digest: '0'.repeat(64), url: 'http://localhost/v/1/1/x' }, fonts);
    const rows = tables.capabilities.slice(0, 300);
    return inTurn(10, () => draw(rows), { title: '只有一项', run: () => draw(rows.slice(0, 1)) });
  },
};

interface Fixture {
  tables: { capabilities: Record<string, string>[] };
}

const certificate = (rows: Record<string, string>[]): CertificateData => ({
  kind: 'cma',
  kindTitle: '检验检测机构资质认定证书',
  number: '262400140001',
  version: 1,
  holder: { name: '贵州省黔检检测技术有限公司', uscc: '91520000MA00000151', address: '贵阳市观山湖区示范路 1 号' },
  authority: '贵州省市场监督管理局',
  issuedOn: '2026-11-20',
  validFrom: '2026-11-20',
  validTo: '2032-11-19',
  annexes: [
    {
      id: 'capabilities',
      title: '批准的检验检测能力表',
      columns: Object.entries(COLUMNS).map(([id, title]) => ({ id, title })),
      rows: rows.map((row) => Object.fromEntries(Object.keys(COLUMNS).map((id) => [id, row[id] ?? '']))),
    },
  ],
});
