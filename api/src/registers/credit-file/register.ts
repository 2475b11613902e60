import { defineRegister, fieldsOf } from '../register.ts';

/** Credit files (信用档案): what was decided against a subject, written by cases only. */
export const creditFile = defineRegister({
  id: 'credit-file',
  table: 'credit_file',
  title: { zh: '信用档案', en: 'Credit files' },
  subject: 'subject_id',
  updatedAt: 'updated_at',
  byCases: true,
  codes: ['uscc', 'document'],
  name: 'subjectName',
  bigrams: true,
  list: ['subjectName', 'uscc', 'kind', 'document', 'decidedOn', 'validUntil', 'state'],
  filters: ['state'],
  fields: fieldsOf(`
    subjectRegister|主体登记库|Register of the subject
    subjectId|主体条目|Entry of the subject
    subjectName|主体名称|Subject
    uscc|统一社会信用代码|USCC|uscc
    kind|记录种类|Kind
    fact|事实|Facts
    ground|事由|Ground
    article|法律依据|Article
    document|文书编号|Document
    caseNumber|办件编号|Case
    decidedOn|决定日期|Decided on|date
    validFrom|记录起始|From|date
    validUntil|记录截止|Until|date
    state|状态|State|choice|in-force 有效 In force; withdrawn 已撤下 Withdrawn
  `),
  children: [],
});
