/** For tests: the documents area on a database of its own; "Word" and "PDF" are JSON of what is printed. */
import express from 'express';
import type { CompiledFlow, Release } from '../../../contracts/flow.ts';
import { createAudit } from '../audit/index.ts';
import { createCalendar } from '../calendar/index.ts';
import { createClocks, type Clocks } from '../clocks/index.ts';
import { mount, type Who } from '../core/index.ts';
import { addCase, openTestCore, type TestCore } from '../core/testing.ts';
import { createIncidents, type CaseRow } from '../engine/index.ts';
import { inRequest } from '../files/testing.ts';
import type { ReadForms } from '../forms/index.ts';
import { createMessages } from '../messages/index.ts';
import { createNumbers } from '../numbers/index.ts';
import { createDocuments, createFonts, unprintable, type DocumentOf } from './index.ts';

const NAME = '黔测检测有限公司';
const text = (zh: string) => ({ zh, en: zh });
const flow = {
  flow: {
    form: 'application',
    title: text('首次申请'),
    clocks: [
      {
        id: 'reply',
        title: text('答复期限'),
        basis: '《行政许可法》第三十二条',
        limit: 'P20WD',
        from: ['served:notice'],
        until: ['ended'],
        again: false,
      },
    ],
  },
  steps: { acceptance: { id: 'acceptance', groups: ['cma.acceptance'], outcomes: [], notSameAs: [] } },
  forms: {
    application: {
      type: 'default',
      id: 'application',
      components: [
        { type: 'text', key: 'name', label: '名称' },
        { type: 'text', key: 'address', label: '地址' },
        {
          type: 'choice',
          key: 'legal',
          label: '类别',
          values: [{ value: 'enterprise', label: '企业' }],
        },
        {
          type: 'table',
          key: 'capabilities',
          label: '能力',
          columns: [{ type: 'text', key: 'parameter', label: '参数' }],
        },
      ],
    },
    review: {
      type: 'default',
      id: 'review',
      components: [
        {
          type: 'row-decisions',
          key: 'rulings',
          label: '确定',
          of: 'application.capabilities',
          show: ['parameter'],
          outcomes: [
            { id: 'approved', zh: '符合' },
            { id: 'notApproved', zh: '不符合' },
          ],
          columns: [{ type: 'text', key: 'reason', label: '理由' }],
        },
      ],
    },
  },
  documents: {
    notice: {
      kind: 'document',
      title: text('补正通知书'),
      numberRule: 'document.cma.supplement',
      seal: 'office',
      template: 'notice.docx',
      addressee: 'applicant',
    },
    order: {
      kind: 'document',
      title: text('责令召回通知书'),
      seal: 'office',
      template: 'order.docx',
      addressee: 'applicant',
      alsoTo: ['table:application.parties'],
      copies: ['office:province', 'offices:application.districts'],
    },
    book: { kind: 'document', title: text('申请书'), seal: 'institution', template: 'book.docx', addressee: 'none' },
    'proof-of-service': {
      kind: 'document',
      title: text('送达回证'),
      numberRule: 'document.cma.service',
      seal: 'office',
      template: 'proof.docx',
      addressee: 'none',
    },
  },
} as unknown as CompiledFlow;

export type DocumentsWorld = Awaited<ReturnType<typeof openDocuments>>;

/** A case of a made-up flow at Guiyang with an institution, documents and people around it. */
export async function openDocuments() {
  const core: TestCore = await openTestCore();
  const releases = new Map<string, Release>();
  const sealed: string[] = [];
  const fonts = createFonts();
  /** The applicant's name; rows of `application.parties` and codes of `application.districts`; whether printing fails. */
  const given = { name: NAME, parties: [] as Record<string, string>[], districts: [] as string[], broken: false };
  const audit = createAudit(core);
  const incidents = createIncidents(core);
  const messages = createMessages(core);
  const release = async (id: string) => releases.get(id)!;
  const capabilities = ['pH', '浊度'].map((parameter, i) => ({ rowId: `r${i}`, position: i, data: { parameter } }));
  const rulings = [
    { rowId: 'r0', position: 0, data: { outcome: 'approved' } },
    { rowId: 'r1', position: 1, data: { outcome: 'notApproved', reason: '无设备' } },
  ];
  const read: ReadForms = {
    read: async () => ({
      data: { name: given.name, address: '花果园 1 号', legal: 'enterprise', districts: given.districts },
    }),
    rows: async (_: string, form: string, table: string) => {
      if (table === 'parties') return given.parties.map((data, i) => ({ rowId: `p${i}`, position: i, data }));
      return form === 'application' ? capabilities : rulings;
    },
  };
  const forms = { ...read, whole: async () => read };
  const { calendar } = createCalendar(core, { audit, incidents, loaded: async () => {} });
  await core.db.transaction((trx) => calendar.seed(trx));
  const commands = { add: () => Promise.reject(new Error('no timer here')) };
  const clocks: Clocks = createClocks(core, {
    decideBySystem: async () => null,
    calendar,
    audit,
    messages,
    incidents,
    release,
    forms,
    commands,
  });
  const made = createDocuments(core, {
    uploads: inRequest(core),
    ...{ audit, incidents, messages, clocks, release, forms },
    numbers: await createNumbers(core),
    template: async (_, path) => Buffer.from(path),
    fill: async (template, data) => {
      if (given.broken) throw new Error('the template is broken');
      return Buffer.from(JSON.stringify({ template: String(template), data }));
    },
    lettersLacking: (docx) => unprintable(docx.toString(), fonts),
    pdf: async (docx) => docx,
    seal: async (pdf, { owner, name }) => {
      sealed.push(`${Object.values(owner)[0]} ${name}`);
      return Buffer.concat([pdf, Buffer.from('sealed')]);
    },
    detached: async (hash) => Buffer.from(`SM2 over ${hash}`),
    mayReadCase: async (person, c) =>
      person.grants.some(({ office }) => office === c.office) ||
      person.institutions.some(({ id }) => id === c.institution_id),
  });
  const { documents, list, serving } = made;

  let who: Who | null = null;
  const app = express();
  const router = express.Router();
  app.use(express.json());
  mount(router, made.routes, core, async () => who);
  app.use(router);
  app.use(((error, _req, res, _next) => res.status(error.status ?? 500).json(error)) as express.ErrorRequestHandler);
  const server = app.listen(0);
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const request = async (path: string, person: Who | null, init: RequestInit = {}) => {
    who = person;
    return fetch(url + path, { ...init, headers: { 'user-agent': 'test', ...init.headers } });
  };

  return {
    ...{ core, documents, list, serving, clocks, sealed, given },
    async close() {
      server.close();
      await core.close();
    },
    get: (path: string, person: Who | null) => request(path, person),
    post: (path: string, person: Who | null, body: object) =>
      request(path, person, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    upload(path: string, person: Who, name: string, bytes: Buffer) {
      const form = new FormData();
      form.set('file', new Blob([Uint8Array.from(bytes)]), name);
      return request(path, person, { method: 'POST', body: form });
    },

    async startCase() {
      core.at('2026-11-02T10:00:00+08:00');
      const { caseId, release, institutionId } = await addCase(core, {
        package: flow,
        receivedAt: '2026-11-02T09:00:00+08:00',
      });
      releases.set(release.id, release);
      const row: CaseRow = await core.db('case').where({ id: caseId }).first();
      await core
        .db('office')
        .where({ code: '5201' })
        .update({ profile: { code: '筑市监', address: '贵阳市' } });
      Object.assign(given, { name: NAME, parties: [], districts: [], broken: false });
      sealed.length = 0;
      const of = (kind: string, visit = 1): DocumentOf => ({ case: row, release, step: 'notify', visit, kind });
      const person: Who = {
        personId: row.starter,
        name: '赵喆',
        login: 'zhao',
        kind: 'applicant',
        grants: [],
        institutions: [{ register: 'institution', id: institutionId, name: '黔测检测有限公司', uscc: '' }],
      };
      const officerAt = (office: string, role = 'cma.acceptance'): Who => ({
        ...person,
        personId: '00000000-0000-4000-8000-00000000000b',
        name: '田沐辰',
        kind: 'staff',
        institutions: [],
        grants: [{ role, office, reach: 'own', mayTake: false }],
      });
      return {
        ...{ caseId, release, institutionId, row, of, applicant: person, officerAt, officer: officerAt('5201') },
        async make(kind: string, ref: string, visit = 1) {
          const reserved = await core.db.transaction((trx) => documents.reserve(trx, of(kind, visit), ref, 'replace'));
          const made = await documents.make(of(kind, visit), reserved);
          await core.db.transaction((trx) => documents.finish(trx, of(kind, visit), reserved, made, 'replace'));
          return { ...reserved, ...made };
        },
        async serve(kind: string) {
          const document = (await documents.current(caseId, kind))!;
          await core.db.transaction((trx) => serving.serve(trx, of(kind), document));
          return document;
        },
      };
    },
  };
}
