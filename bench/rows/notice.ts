import { readFile } from 'node:fs/promises';
import { createFonts, createWordToPdf, fillTemplate } from '../../api/src/documents/index.ts';
import { createSeals } from '../../api/src/main/seals.ts';
import { openBench } from '../../engine-adapters/launcher/bench-client.ts';
import { folders } from '../kit.ts';
import { inTurn, type Row } from '../row.ts';

const WARM_UP = 5;

/** What `documents.make` does to a notice once its data are read. */
export const notice: Row = {
  id: 'notice',
  title: '一页的文书：填写、转 PDF、盖章签名、存入（转换已热）',
  limit: 150,
  figure: 'median',
  async measure(kit) {
    const { core } = await kit.world();
    const fonts = createFonts();
    const seals = await createSeals(core, fonts);
    const words = createWordToPdf({ fonts, dataDir: (await openBench()).folder });
    kit.closing(() => words.stop());
    const template = await readFile(`${folders.templates}/cma/acceptance-notice.docx`);
    let number = 0;
    const filled = () => fillTemplate(template, data(++number));
    const make = async () => {
      const pdf = await words.convert(filled());
      await core.files.put(pdf);
      const by = { owner: { office: '52' }, name: '贵州省市场监督管理局', reason: '受理通知书', location: '贵阳' };
      await core.files.put(await seals.seal(pdf, { ...by, at: core.time.now() }));
    };
    for (let i = 0; i < WARM_UP; i++) await make();
    return inTurn(20, make, { title: '只转 PDF', run: () => words.convert(filled()) });
  },
};

const data = (number: number) => ({
  office: { name: '贵州省市场监督管理局', address: '贵阳市云岩区示范路 1 号', phone: '0851-00000052' },
  doc: { number: `黔市监资认受〔2026〕${number}号`, title: '受理通知书', date: '2026年9月16日' },
  applicant: { name: '贵州省黔检检测技术有限公司', uscc: '91520000MA00000151' },
  case: { number: `CMA-2026-${number}`, item: '检验检测机构资质认定首次申请', receivedOn: '2026年9月14日' },
  deadlines: { review: { limit: '30 个工作日' }, ruling: { limit: '10 个工作日' } },
});
