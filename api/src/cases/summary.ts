/** A case on paper, as the one who prints it may see it: data, answers, clocks, materials, documents, time line. */
import PDFDocument from 'pdfkit';
import type { z } from 'zod';
import type { CaseView, ClockView, TimelineEntry } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import { rowFields, scalarFields } from '../../../contracts/forms/index.ts';
import { isEmpty, kinds } from '../../../contracts/kinds/index.ts';
import { A4, createRuler, INK, line, registerFonts } from '../certificates/index.ts';
import { shanghaiDay, type Core, type Who } from '../core/index.ts';
import type { Fonts } from '../documents/index.ts';
import { titleOf, type ViewCase } from './view.ts';

export interface Summary {
  title: string;
  number: string;
  printed: string;
  parts: { title: string; lines: { label: string; text: string }[] }[];
}

export interface SummaryDeps {
  fonts: Fonts;
  view: ViewCase;
  timeline(caseId: string): Promise<Entry[]>;
  release(id: string): Promise<Release>;
  forms: {
    read(owner: string, form: string): Promise<{ data: Record<string, unknown> }>;
    rows(owner: string, form: string, table: string): Promise<unknown[]>;
  };
}

/** @throws not-found to whom the case is none of their business */
export type Summarise = (who: Who, caseId: string) => Promise<{ number: string; pdf: Buffer }>;

export function createSummarise({ db, time }: Pick<Core, 'db' | 'time'>, deps: SummaryDeps): Summarise {
  return async (who, caseId) => {
    const view = await deps.view(who, caseId);
    const { release_id: releaseId } = await db('case').where({ id: caseId }).first('release_id');
    const [release, entries] = await Promise.all([deps.release(releaseId), deps.timeline(caseId)]);
    const forms = await Promise.all(view.forms.map(({ form }) => formPart(caseId, release, form)));
    const summary: Summary = {
      title: view.title,
      number: view.number,
      printed: `${moment(time.now().toISOString())} ${who.name}`,
      parts: [factsOf(view), ...forms, ...listsOf(view), timelineOf(entries)].filter(({ lines }) => lines.length > 0),
    };
    return { number: view.number, pdf: await drawSummary(summary, deps.fonts) };
  };

  async function formPart(caseId: string, release: Release, form: string): Promise<Part> {
    const schema = release.package.forms[form]!;
    const { data } = await deps.forms.read(caseId, form);
    const fields = scalarFields(schema)
      .filter(({ key }) => !isEmpty(data[key]))
      .map((field) => ({ label: field.label, text: kinds[field.type].format(data[field.key], field, 'zh') }));
    const tables = rowFields(schema).map(async ({ key, label }) => {
      const rows = await deps.forms.rows(caseId, form, key);
      return { label, text: `${rows.length} 行，见电子卷` };
    });
    return { title: titleOf(release, form), lines: [...fields, ...(await Promise.all(tables))] };
  }
}

type Entry = z.infer<typeof TimelineEntry>;
type Part = Summary['parts'][number];

const day = (at: string) => shanghaiDay(new Date(at));
const CLOCK = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' });
const moment = (at: string) => CLOCK.format(new Date(at));
const said = (...words: (string | null | undefined | false)[]) => words.filter(Boolean).join('　');

function factsOf(view: CaseView): Part {
  const facts: [string, string | null][] = [
    ['事项', view.flowTitle],
    ['主体', said(view.subjectName, view.subjectUscc, view.divisionName)],
    ['办理机关', view.office.name],
    ['收到', day(view.receivedAt)],
    ['受理', view.acceptedAt && day(view.acceptedAt)],
    ['办结', view.closedAt && said(day(view.closedAt), view.resultTitle)],
    ['现在', view.tasks.map(({ stepName, holder }) => said(stepName, holder?.name)).join('；')],
  ];
  return { title: '基本情况', lines: facts.flatMap(([label, text]) => (text ? { label, text } : [])) };
}

const UNITS: Record<ClockView['unit'], string> = { WD: '工作日', D: '日', M: '个月', Y: '年' };

function listsOf({ clocks, answers, materials, documents, certificates, related }: CaseView): Part[] {
  return [
    {
      title: '时限',
      lines: clocks.map(({ title, used, total, unit, notCounted, dueOn, basis, events }) => ({
        label: title,
        text: said(
          `已用 ${used} / ${total} ${UNITS[unit]}`,
          notCounted > 0 && `不计入 ${notCounted} 日`,
          dueOn && `${dueOn} 到期`,
          basis,
          ...events.flatMap(({ at, reason }) => (reason ? `${day(at)} ${reason}` : [])),
        ),
      })),
    },
    {
      title: '各方意见',
      lines: answers.flatMap(({ stepName, rows }) =>
        rows.map(({ asked, person, outcome, opinion, at, void: isVoid }) => ({
          label: stepName,
          text: said(asked, person, outcome ?? '等待意见', opinion, at && day(at), isVoid && '作废'),
        })),
      ),
    },
    {
      title: '材料',
      lines: materials
        .filter(({ files }) => files.length > 0)
        .map(({ title, files }) => ({
          label: title,
          text: files.map(({ name, replaced }) => (replaced ? `${name}（旧版）` : name)).join('；'),
        })),
    },
    {
      title: '文书和送达',
      lines: documents.map(({ title, number, madeAt, services }) => ({
        label: title,
        text: said(
          number,
          madeAt && day(madeAt),
          ...services.map(({ addressee, servedAt }) => `${addressee} ${servedAt ? `${day(servedAt)} 送达` : '未送达'}`),
        ),
      })),
    },
    {
      title: '证照',
      lines: certificates.map(({ number, version, validTo }) => ({
        label: number,
        text: `第 ${version} 版　有效期至 ${validTo}`,
      })),
    },
    {
      title: '相关办件',
      lines: related.map(({ number, title, resultTitle, stage }) => ({
        label: number,
        text: said(title, resultTitle ?? stage),
      })),
    },
  ];
}

const timelineOf = (entries: Entry[]): Part => ({
  title: '时间线',
  lines: entries.map(({ at, occurredAt, zh }) => ({ label: moment(occurredAt ?? at), text: zh })),
});

const MARGIN = 56;
const STEP = 15;
const LABEL = 118;
const LOWEST = A4.height - MARGIN;

export async function drawSummary({ title, number, printed, parts }: Summary, fonts: Fonts): Promise<Buffer> {
  const pdf = new PDFDocument({ size: [A4.width, A4.height], margin: 0, font: '', lang: 'zh-CN', displayTitle: true });
  const chunks: Buffer[] = [];
  const done = new Promise<void>((resolve, reject) => pdf.on('end', resolve).on('error', reject));
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
  registerFonts(pdf, [fonts.serif, fonts.serifBold]);
  const heading = createRuler(fonts.serifBold, 15);
  const strong = createRuler(fonts.serifBold, 10.5);
  const body = createRuler(fonts.serif, 9.5);
  const foot = createRuler(fonts.serif, 8);
  let page = 0;
  let y = 0;

  function begin(): void {
    if (page > 0) pdf.addPage();
    page += 1;
    y = MARGIN;
    pdf.fillColor(INK.black);
    line(pdf, foot, `${number}　${printed} 打印`, MARGIN, LOWEST + 14);
    line(pdf, foot, `第 ${page} 页`, A4.width - MARGIN, LOWEST + 14, 'right');
  }
  function put(ruler: typeof body, text: string, x: number, step: number): void {
    if (y + step > LOWEST) begin();
    line(pdf, ruler, text, x, y);
    y += step;
  }

  begin();
  for (const text of heading.wrap(title, A4.width - 2 * MARGIN)) put(heading, text, MARGIN, 22);
  put(body, `办件编号 ${number}`, MARGIN, STEP);
  for (const part of parts) {
    y += 8;
    if (y + 3 * STEP > LOWEST) begin();
    put(strong, part.title, MARGIN, STEP + 3);
    for (const { label, text } of part.lines) {
      const words = text.split('\n').flatMap((one) => body.wrap(one, A4.width - 2 * MARGIN - LABEL));
      const labels = body.wrap(label, LABEL - 8);
      for (let i = 0; i < Math.max(words.length, labels.length); i += 1) {
        if (y + STEP > LOWEST) begin();
        if (labels[i]) line(pdf, body, labels[i]!, MARGIN, y);
        if (words[i]) line(pdf, body, words[i]!, MARGIN + LABEL, y);
        y += STEP;
      }
    }
  }
  pdf.end();
  await done;
  return Buffer.concat(chunks);
}
