/** For tests only: the topics with the product's services on a database; forms stand in memory, paper is plain text. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { MaterialItem } from '../../../../contracts/api/index.ts';
import type { CompiledFlow, Release } from '../../../../contracts/flow.ts';
import { parseForm } from '../../../../contracts/forms/index.ts';
import type { Variables } from '../../../../engine-adapters/port/index.ts';
import { createArchive } from '../../archive/index.ts';
import { createAudit } from '../../audit/index.ts';
import { createCalendar } from '../../calendar/index.ts';
import { createLinks, createOpenCase } from '../../cases/index.ts';
import { createCertificateLife, createCertificates } from '../../certificates/index.ts';
import { createClocks } from '../../clocks/index.ts';
import { createConnectors } from '../../connectors/index.ts';
import { addCase, openTestCore, type TestCore } from '../../core/testing.ts';
import { createDocuments, createFonts, unprintable, type Documents } from '../../documents/index.ts';
import { createIncidents, workHandlers } from '../../engine/index.ts';
import { inRequest } from '../../files/testing.ts';
import { createFlows } from '../../flows/index.ts';
import { formFile } from '../../flows/testing-forms.ts';
import type { FormRow, ReadForms } from '../../forms/index.ts';
import { createMessages } from '../../messages/index.ts';
import { createPublication } from '../../publication/index.ts';
import { createMoves } from '../../moves/index.ts';
import { createNumbers, type Numbers } from '../../numbers/index.ts';
import { createRegisters, type Registers } from '../../registers/index.ts';
import { createSigning, type Signing } from '../../signing/index.ts';
import { createTopics, createValidation, type Validation } from './index.ts';

const PROJECT = new URL('../../../../', import.meta.url);
const json = async (path: string) => JSON.parse(await readFile(new URL(path, PROJECT), 'utf8'));

export interface TopicWorld {
  core: TestCore;
  validation: Validation;
  numbers: Numbers;
  documents: Documents;
  registers: Registers;
  /** Fields of each form, rows of each `form.table`, materials: what the forms of every case say. */
  data: Record<string, Record<string, unknown>>;
  rows: Record<string, FormRow[]>;
  materials: MaterialItem[];
  proposed: Record<string, unknown>[];
  signing: Signing;
  /** Commands to the engine. */
  queued: object[];
  /** A case of `cma-initial`, filled from its fixtures, whose subject stands in the register. */
  startCase(): Promise<TopicCase>;
  close(): Promise<void>;
}

export interface TopicCase {
  caseId: string;
  number: string;
  institutionId: string;
  release: Release;
  /** Carries out one visit of a work step; a repeated `id` is a repeated delivery. */
  work(
    topic: string,
    properties: Record<string, string>,
    at?: { id?: string; step?: string; variables?: Variables },
  ): Promise<Variables>;
}

export async function openTopics(): Promise<TopicWorld> {
  const core = await openTestCore();
  core.at('2026-11-21T10:00:00+08:00');
  const flow = await readFlow();
  const institution = await json('workflows/cma-initial/fixtures/institution-a.json');
  const application = await json('workflows/cma-initial/fixtures/application-a.json');
  const data: TopicWorld['data'] = { application: { ...institution.fields, ...application.fields } };
  const rows: TopicWorld['rows'] = Object.fromEntries(
    Object.entries(institution.tables as Record<string, Record<string, unknown>[]>).map(([table, list]) => [
      `application.${table}`,
      list.map((row, i) => ({ rowId: `${table}-${i + 1}`, position: i + 1, data: row })),
    ]),
  );
  const materials: MaterialItem[] = [];
  const proposed: TopicWorld['proposed'] = [];
  const read: ReadForms = {
    read: async (_, form) => ({ data: data[form] ?? {} }),
    rows: async (_, form, table) => rows[`${form}.${table}`] ?? [],
  };
  const forms = {
    ...read,
    whole: async () => read,
    open: async () => {},
    close: async () => 1,
    propose: async (_: unknown, { values }: { values: Record<string, unknown> }) => void proposed.push(values),
  };

  const releases = new Map<string, Release>();
  const release = async (id: string) => releases.get(id)!;
  const audit = createAudit(core);
  const incidents = createIncidents(core);
  const messages = createMessages(core);
  const numbers = await createNumbers(core);
  const registers = createRegisters(core, {
    registerScope: () => ({ kind: 'institutions', ids: [] }),
    uploads: inRequest(core),
  });
  const { calendar } = createCalendar(core, { audit, incidents, loaded: async () => {} });
  await core.db.transaction((trx) => calendar.seed(trx));
  const queued: object[] = [];
  const commands = { add: async (_: unknown, command: object) => String(queued.push(command)) };
  const clocks = createClocks(core, {
    decideBySystem: async () => null,
    calendar,
    audit,
    incidents,
    messages,
    release,
    forms,
    commands,
  });
  const fonts = createFonts();
  const paper = {
    template: (_: Release, path: string) =>
      readFile(new URL(`templates/${path}`, PROJECT)).catch(() => Buffer.from(path)),
    fill: async (template: Buffer, content: object) => Buffer.concat([template, Buffer.from(JSON.stringify(content))]),
    lettersLacking: (docx: Buffer) => unprintable(docx.toString().replace(/^.*(?=\{"doc":)/s, ''), fonts),
    pdf: async (docx: Buffer) => docx,
    render: async (content: object) => Buffer.from(JSON.stringify(content)),
    seal: async (pdf: Buffer) => Buffer.concat([pdf, Buffer.from('sealed')]),
    detached: async () => null,
    mayReadCase: async () => true,
  };
  const certificates = await createCertificates(core, { ...paper, audit, numbers, forms });
  const { documents, serving } = createDocuments(core, {
    uploads: inRequest(core),
    ...{ ...paper, audit, incidents, numbers, forms, messages, clocks, release },
  });
  const { publications, close: closePublication } = createPublication(core, {
    ...{ audit, databaseUrl: core.database.runUrl },
    lists: await json('workflows/shared/lists.json'),
  });
  const { changes: certificateChanges } = createCertificateLife(core, {
    ...{ ...paper, audit, messages, documents, serving },
    current: async () => [...releases.values()].at(-1)!,
    registerScope: () => ({ kind: 'institutions', ids: [] }),
  });
  const validation = createValidation(core, { forms, materials: { list: async () => materials } });
  const moves = createMoves(core, { commands: () => commands, audit, release, adopt: async () => {} });
  const open = createOpenCase(core, { commands, numbers, subject: async () => null });
  const archive = createArchive(core, { release, visible: async () => true });
  const signing = createSigning(core, {
    ...{ audit, messages, commands, release, assertOpen: archive.assertOpen },
    mayReadCase: async () => true,
    mayServe: async () => true,
    sign: async (pdf, { place }) => Buffer.concat([pdf, Buffer.from(`signed at ${place}`)]),
  });
  const services = {
    ...{ validation, audit, messages, numbers, documents, serving, certificates, certificateChanges },
    ...{ registers, forms, publications, calendar, flows: createFlows(core) },
    archive,
    signing,
    connectors: createConnectors(core, { commands, incidents, release }),
    links: createLinks(core, { open, moves, audit, release, forms }),
  };
  const handlers = workHandlers(core, {
    topics: createTopics(core, services),
    release,
    incidents,
    onFailed: async () => {},
  });

  return {
    ...{ core, validation, numbers, documents, registers, data, rows, materials, proposed, signing, queued },
    async close() {
      await closePublication();
      await core.close();
    },

    async startCase() {
      const { db } = core;
      const known = await db('institution').where({ uscc: data.application.uscc }).first('id');
      const subject =
        known?.id ??
        (await db.transaction((trx) => registers.write(trx, { register: 'institution', fields: data.application })));
      const {
        caseId,
        release: of,
        institutionId,
      } = await addCase(core, {
        package: flow,
        receivedAt: '2026-11-20T10:00:00+08:00',
      });
      releases.set(of.id, of);
      await db('case')
        .where({ id: caseId })
        .update({ subject_id: subject, flow: `cma-initial-${caseId}` });
      const { number } = await db('case').where({ id: caseId }).first('number');
      return {
        ...{ caseId, number, institutionId, release: of },
        work: async (
          topic,
          properties,
          { id = randomUUID(), step = topic.replace(/-(\w)/g, (_, c) => c.toUpperCase()), variables = {} } = {},
        ) =>
          (await handlers[topic]({
            ...{ id, topic, properties, businessKey: number, activityId: step },
            ...{ instanceId: '', definitionKey: '', definitionId: '', activityInstanceId: '', executionId: '' },
            variables,
            retries: null,
          })) as Variables,
      };
    },
  };
}

async function readFlow(): Promise<CompiledFlow> {
  const ids = ['application', 'technical-review', 'certificate-proposal'];
  const forms = await Promise.all(
    ids.map(async (id) => {
      const parsed = parseForm(await formFile('cma-initial', id));
      if (!('form' in parsed)) throw new Error(JSON.stringify(parsed.problems));
      return [id, parsed.form];
    }),
  );
  return {
    flow: await json('workflows/cma-initial/flow.json'),
    documents: await json('workflows/cma-initial/documents.json'),
    forms: Object.fromEntries(forms),
    messages: {},
    steps: {},
    graph: { nodes: [], flows: [] },
    tables: { 'number-proposal': 'number-proposal' },
  } as unknown as CompiledFlow;
}
