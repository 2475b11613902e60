import { z } from 'zod';
import { Limit, Name, type CompiledFlow } from '../../../../../contracts/flow.ts';
import { scalarFields, type Field } from '../../../../../contracts/forms/index.ts';
import { isEmpty, kinds } from '../../../../../contracts/kinds/index.ts';
import { PermanentError } from '../../../../../engine-adapters/port/index.ts';
import type { Calendar } from '../../../calendar/index.ts';
import { compute } from '../../../clocks/index.ts';
import { shanghaiDay, type Core } from '../../../core/index.ts';
import { defineTopic, type AnyTopic, type TopicWork } from '../../../engine/index.ts';
import type { CaseForms } from '../../../forms/index.ts';
import type { NewPublication, Publications } from '../../../publication/index.ts';
import { idList, permanent } from '../input.ts';
import { nothingFor, unknownWords, type Words } from '../words.ts';

const WITHDRAWN = '按流程撤下';

const Input = z
  .object({
    list: Name.describe('公开到哪个列表：workflows/shared/lists.json 里的名称'),
    title: z.string().default('').describe('标题，可用 {number}、{subject}、{表单.字段}'),
    document: z.string().optional().describe('一同公开的文书，此前已经制作'),
    fields: idList.optional().describe('公开的字段：表单.字段，用逗号分开；证件号码、电话按掩码公开'),
    until: Limit.optional().describe('公示期，如 P7D、P5WD；不写为长期公开'),
    withdraw: z.enum(['true', 'false']).default('false').describe('撤下：写 true，撤下本件在此列表公开的全部内容'),
  })
  .refine(({ title, withdraw }) => title !== '' || withdraw === 'true', { path: ['title'], error: '要有标题' });
type Input = z.infer<typeof Input>;

export interface PublishDeps {
  publications: Publications;
  calendar: Pick<Calendar, 'days'>;
  forms: CaseForms;
  words: Words;
}

export function createTopic({ db, time }: Core, { publications, calendar, forms, words }: PublishDeps): AnyTopic {
  /** Values of fields as everybody may read them: what identifies a person is masked. */
  async function shown({ caseId, release }: TopicWork, paths: string[]): Promise<NewPublication['fields']> {
    const fields: NewPublication['fields'] = [];
    for (const path of paths) {
      const [form = '', key = ''] = path.split('.');
      const field = fieldOf(release.package, path);
      if (!field) throw new RangeError(`no field ${path}`);
      const { data } = await forms.read(caseId, form);
      if (isEmpty(data[key])) continue;
      fields.push({ label: field.label, value: kinds[field.type].mask(data[key], field, 'zh') });
    }
    return fields;
  }

  async function documentOf({ caseId }: TopicWork, kind: string): Promise<NewPublication['document']> {
    const row = await db('document')
      .where({ case_id: caseId, kind })
      .whereIn('state', ['made', 'sealed', 'served'])
      .orderBy('made_at', 'desc')
      .first('title', 'number', 'file_hash', 'signed_hash');
    if (!row) throw new PermanentError(`the case has no document ${kind} to publish`);
    return { title: [row.title, row.number].filter(Boolean).join(' '), hash: row.signed_hash ?? row.file_hash };
  }

  /** The period's last day; the day of publication isn't counted. */
  async function lastDay(limit: string): Promise<string> {
    const now = time.now();
    const events = [{ kind: 'start' as const, at: now }];
    const { dueOn, unknown } = compute(events, limit, await calendar.days(), shanghaiDay(now));
    if (!dueOn) throw new PermanentError(`the period cannot be computed: ${unknown} isn't loaded`);
    return dueOn;
  }

  return defineTopic({
    name: 'publish',
    title: { zh: '公示公告', en: 'Make public' },
    effect: 'replace',
    input: Input,
    output: z.object({}),
    errors: [],

    missing({ list, title, document, fields = [] }, flow, { lists }) {
      const found = nothingFor(unknownWords(title, flow));
      if (!lists.some(({ id }) => id === list))
        found.push({ zh: `lists.json 没有列表 ${list}`, en: `lists.json has no list ${list}` });
      for (const path of fields.filter((one) => !fieldOf(flow, one)))
        found.push({ zh: `没有字段 ${path}`, en: `There is no field ${path}` });
      if (document && !flow.documents[document])
        found.push({ zh: `documents.json 没有文书 ${document}`, en: `documents.json has no document ${document}` });
      return found;
    },

    prepare: (work: TopicWork<Input>) =>
      permanent(async () => {
        const { list, title, document, fields = [], until, withdraw } = work.input;
        if (withdraw === 'true') return null;
        const fill = await words.of(db, work);
        return {
          list,
          title: await fill(title),
          fields: await shown(work, fields),
          ...(document && { document: await documentOf(work, document) }),
          ...(until && { until: await lastDay(until) }),
        };
      }),

    async handle(trx, work, entry) {
      if (entry) await permanent(() => publications.publish(trx, work, entry));
      else await publications.takeBack(trx, work, work.input.list, WITHDRAWN);
      return {};
    },
  });
}

function fieldOf({ forms }: CompiledFlow, path: string): Field | undefined {
  const [form = '', key] = path.split('.');
  return forms[form] && scalarFields(forms[form]).find((field) => field.key === key);
}
