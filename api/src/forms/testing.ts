/** For tests only: forms and materials behind their routes, with an access that the test decides. */
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { z } from 'zod';
import type {
  BulkAnswer,
  ChoiceList,
  FileAnswer,
  FormView,
  ImportAnswer,
  ImportJob,
  LastImport,
  MaterialItem,
  Row,
  RowPage,
  SaveAnswer,
} from '../../../contracts/api/index.ts';
import { DocumentsJson, FlowJson, type Release } from '../../../contracts/flow.ts';
import { parseForm } from '../../../contracts/forms/index.ts';
import { Problem, mount, type AnyRoute, type FieldProblem, type Who } from '../core/index.ts';
import { openTestCore, type TestCore } from '../core/testing.ts';
import { formFile } from '../flows/testing-forms.ts';
import { createUploads } from '../files/index.ts';
import { createMaterials } from '../materials/index.ts';
import { createPreviews, type Previews } from '../previews/index.ts';
import { createVault } from '../signatures/index.ts';
import {
  createForms,
  createFormSessions,
  type Access,
  type Forms,
  type FormSessions,
  type SearchedRegisters,
  type SubjectRegisters,
} from './index.ts';

interface ProblemBody {
  code: string;
  zh: string;
  fields: FieldProblem[];
  facts: Record<string, unknown>;
}

export interface Answer {
  status: number;
  /** Members of all answers here; which of them are there depends on the route. */
  body: ProblemBody &
    FormView &
    Row &
    z.infer<typeof SaveAnswer> &
    z.infer<typeof RowPage> &
    ImportJob &
    ChoiceList &
    z.infer<typeof FileAnswer> &
    z.infer<typeof BulkAnswer> &
    MaterialItem;
}

export interface FormsWorld {
  core: TestCore;
  forms: Forms;
  release: Release;
  /** What the caller may do with a form; absent: nothing. */
  access: Map<string, Access>;
  /** A draft with its application opened. */
  draft(subject?: { register: string; id: string }): Promise<string>;
  call(method: string, path: string, body?: unknown): Promise<Answer>;
  send(path: string, name: string, bytes: Uint8Array): Promise<Answer>;
  /** Bytes as they are. */
  putBytes(path: string, bytes: Uint8Array): Promise<Answer>;
  get(path: string): Promise<Response>;
  /** Sends an Excel file for a table and lets the import run; what came of it. */
  import(table: string, bytes: Uint8Array): Promise<z.infer<typeof ImportAnswer>>;
  imports: ReturnType<typeof createForms>['imports'];
  previews: Previews;
  close(): Promise<void>;
}

export const who: Who = {
  personId: '00000000-0000-4000-8000-000000000001',
  name: '宋知微',
  login: 'zhiwei',
  kind: 'applicant',
  grants: [],
  institutions: [],
};

const folder = new URL('../../../workflows/cma-initial/', import.meta.url);

/** The forms and the flow.json of cma-initial; what a release has besides is not asked by forms. */
export async function releaseOf(): Promise<Release> {
  const flow = FlowJson.parse(JSON.parse(await readFile(new URL('flow.json', folder), 'utf8')));
  const forms: Release['package']['forms'] = {};
  for (const id of ['application', 'technical-review']) {
    const parsed = parseForm(await formFile('cma-initial', id));
    if (!('form' in parsed)) throw new Error(JSON.stringify(parsed.problems));
    forms[id] = parsed.form;
  }
  const documents = DocumentsJson.parse(JSON.parse(await readFile(new URL('documents.json', folder), 'utf8')));
  const parts = {
    steps: {},
    documents,
    messages: {},
    templates: {},
    samples: {},
    tables: {},
    variables: [],
    results: {},
  };
  const compiled = { ...parts, flow, forms, graph: { nodes: [], flows: [] }, xml: '' };
  return { id: randomUUID(), flow: flow.id, version: 1, definitionId: 'd', deploymentId: 'd', package: compiled };
}

/** `more` adds routes of an area that is built on forms. */
export async function openFormsWorld(
  registersOf: (core: TestCore) => SubjectRegisters & SearchedRegisters,
  more: (parts: { core: TestCore; forms: Forms; sessions: FormSessions; release: Release }) => AnyRoute[] = () => [],
): Promise<FormsWorld> {
  const core = await openTestCore();
  const release = await releaseOf();
  const access = new Map<string, Access>();
  const sessions = createFormSessions(core, {
    access: async (_who, owner, form) => access.get(`${owner}/${form}`) ?? null,
  });
  const uploads = createUploads(core, { vault: createVault(randomBytes(32)) });
  const previews = createPreviews(core, { pdf: async (docx) => Buffer.concat([Buffer.from('%PDF-1.7\n'), docx]) });
  const materials = createMaterials(core, { sessions, uploads, previews });
  const flows = { get: async () => release };
  const registers = registersOf(core);
  const { forms, routes, imports } = createForms(core, {
    sessions,
    materials,
    registers,
    flows,
    uploads,
    whoIs: async () => who,
  });
  await core.db('release').insert({
    id: release.id,
    flow: release.flow,
    version: 1,
    definition_id: 'd',
    deployment_id: 'd',
    hash: 'h',
    package: '{}',
    released_at: core.time.now(),
  });

  const app = express();
  app.use(express.json({ limit: '4mb' }));
  mount(
    app,
    [...routes, ...materials.routes, ...uploads.routes, ...more({ core, forms, sessions, release })],
    core,
    async () => who,
  );
  app.use(((error, _req, res, next) => {
    if (!(error instanceof Problem)) return next(error);
    res.status(error.status).json(error);
  }) as express.ErrorRequestHandler);
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const answer = async (response: Response): Promise<Answer> => {
    const text = await response.text();
    return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text };
  };

  const world: FormsWorld = {
    core,
    forms,
    previews,
    release,
    access,
    async draft(subject) {
      const owner = randomUUID();
      const at = core.time.now();
      await core.db('draft').insert({
        id: owner,
        flow: release.flow,
        release_id: release.id,
        form: 'application',
        person_id: who.personId,
        created_at: at,
        updated_at: at,
      });
      await core.db.transaction((trx) => forms.open(trx, { owner, form: 'application', release, subject }));
      access.set(`${owner}/application`, { mode: 'edit', open: 'all', release });
      return owner;
    },
    call: async (method, path, body) =>
      answer(
        await fetch(url + path, {
          method,
          headers: { 'content-type': 'application/json' },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        }),
      ),
    async send(path, name, bytes) {
      const form = new FormData();
      form.append('file', new Blob([new Uint8Array(bytes)]), name);
      return answer(await fetch(url + path, { method: 'POST', body: form }));
    },
    putBytes: async (path, bytes) =>
      answer(
        await fetch(url + path, {
          method: 'PUT',
          headers: { 'content-type': 'application/octet-stream' },
          body: new Uint8Array(bytes),
        }),
      ),
    get: (path) => fetch(url + path),
    imports,
    async import(path, bytes) {
      const { status, body } = await world.send(`${path}/import`, '表.xlsx', bytes);
      assert.equal(status, 202, JSON.stringify(body));
      await imports.pump();
      const { job }: z.infer<typeof LastImport> = await (await fetch(`${url}${path}/import`)).json();
      assert.ok(job?.answer, JSON.stringify(job));
      return job.answer;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await core.close();
    },
  };
  return world;
}
