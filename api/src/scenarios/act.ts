/** What people of a scenario do, through the same routes as the browser. */
import type { z } from 'zod';
import type {
  CaseView,
  CertificateCard,
  DecideAnswer,
  DoneRow,
  FormView,
  ReturnTargets,
  TaskPeople,
  TaskView,
} from '../../../contracts/api/index.ts';
import type { SignatureValue } from '../../../contracts/kinds/index.ts';
import type { Client } from './client.ts';
import { isSealed } from './drafts.ts';
import { enter } from './entries.ts';
import type { Act, Decision, Entries, Return } from './schema.ts';

export interface ActPlace {
  caseId: string;
  folder: string;
}

interface MoveAnswer {
  state: 'done' | 'queued';
}

export async function act(client: Client, place: ActPlace, what: Act): Promise<void> {
  const { caseId } = place;
  if (what.decide) return decide(client, place, what.at, what.decide);
  if (what.return) return sendBack(client, caseId, what.at, what.return);
  if (what['take-back'] !== undefined) return takeBack(client, caseId, what['take-back']);
  if (what.part) return startPart(client, caseId, what.part);
  if (what.withdraw !== undefined) await client.send('POST', `/cases/${caseId}/withdraw`, { reason: what.withdraw });
  if (what.terminate !== undefined) await client.send('POST', `/cases/${caseId}/terminate`, { reason: what.terminate });
  if (what.open !== undefined) await openDocument(client, caseId, what.open);
  if (what.claim) await client.send('POST', `/tasks/${(await taskAt(client, caseId, what.at)).id}/claim`);
  if (what.opinion !== undefined) {
    const { id } = await taskAt(client, caseId, what.at);
    await client.send('PUT', `/tasks/${id}/opinion`, { opinion: what.opinion });
  }
  if (what.transfer) await handOver(client, caseId, what.at, 'transfer', what.transfer);
  if (what.delegate) await handOver(client, caseId, what.at, 'delegate', what.delegate);
  if (what.copy) await copy(client, caseId, what.at, what.copy);
  if (what['add-sign']) await addSigns(client, caseId, what.at, what['add-sign']);
  if (what.sign) await client.send('POST', `/tasks/${(await taskAt(client, caseId, what.at)).id}/sign`, what.sign);
  if (what.urge !== undefined)
    await client.send('POST', `/tasks/${(await taskAt(client, caseId, what.at)).id}/urge`, { reason: what.urge });
  if (what.serve) await recordService(client, caseId, 'send', 'attempts', what.serve);
  if (what.posted) await recordService(client, caseId, 'deliver', 'end', what.posted);
  if (what.certificate) await changeCertificate(client, caseId, what.certificate);
  if (what.evaluate) await client.send('POST', `/cases/${caseId}/evaluation`, { data: what.evaluate });
}

async function decide(
  client: Client,
  { caseId, folder }: ActPlace,
  at: string | undefined,
  decision: Decision,
): Promise<void> {
  const { outcome, opinion, reason, pins, ...entries } = decision;
  const task = await taskAt(client, caseId, at);
  let { version } = task;
  const form = task.edits ?? task.form;
  if (form && hasEntries(entries)) {
    const schema = await enter(client, { owner: caseId, form }, entries, folder);
    if (isSealed(schema)) await sealAgain(client, caseId, form);
    ({ version } = await taskAt(client, caseId, at));
  }
  const answer = await client.send<DecideAnswer>('POST', `/tasks/${task.id}/decision`, {
    outcome,
    opinion,
    reason,
    pins,
    version,
  });
  if (answer.state !== 'done') throw new Error(`the decision ended ${answer.state}: ${answer.message.zh}`);
}

const hasEntries = (entries: Entries): boolean =>
  Object.values(entries).some((given) => given === 'all' || Object.keys(given).length > 0);

async function sendBack(
  client: Client,
  caseId: string,
  at: string | undefined,
  { to, mode, reason, pins }: Return,
): Promise<void> {
  const task = await taskAt(client, caseId, at);
  const { targets } = await client.get<z.infer<typeof ReturnTargets>>(`/tasks/${task.id}/returns`);
  const target = targets.find((one) => one.to === to || one.title.zh === to);
  if (!target)
    throw new Error(`expected a return to ${to}, found ${targets.map((one) => one.to).join(', ') || 'none'}`);
  const body = { to: target.to, mode, reason, pins, ...(target.enabled && { plan: target.plan }) };
  const { state } = await client.send<MoveAnswer>('POST', `/tasks/${task.id}/return`, body);
  if (state !== 'done') throw new Error(`the return to ${to} is ${state}`);
}

async function takeBack(client: Client, caseId: string, step: string): Promise<void> {
  const { rows } = await client.get<{ rows: z.infer<typeof DoneRow>[] }>('/done');
  const found = rows.find((row) => row.caseId === caseId && (row.step === step || row.stepName === step));
  if (!found) throw new Error(`expected a decision at ${step}, found none`);
  const { state } = await client.send<MoveAnswer>('POST', `/decisions/${found.decisionId}/take-back`);
  if (state !== 'done') throw new Error(`taking back ${step} is ${state}`);
}

async function startPart(client: Client, caseId: string, { step, reason }: NonNullable<Act['part']>): Promise<void> {
  const { state } = await client.send<MoveAnswer>('POST', `/cases/${caseId}/parts/${step}`, { reason });
  if (state !== 'done') throw new Error(`the start of ${step} is ${state}`);
}

async function handOver(
  client: Client,
  caseId: string,
  at: string | undefined,
  how: 'transfer' | 'delegate',
  { to, reason }: NonNullable<Act['transfer']>,
): Promise<void> {
  const { id, version } = await taskAt(client, caseId, at);
  await client.send('POST', `/tasks/${id}/${how}`, { to: await personCalled(client, id, how, to), reason, version });
}

async function copy(
  client: Client,
  caseId: string,
  at: string | undefined,
  { to, note }: NonNullable<Act['copy']>,
): Promise<void> {
  const { id } = await taskAt(client, caseId, at);
  const people = await Promise.all(to.map((name) => personCalled(client, id, 'copy', name)));
  await client.send('POST', `/tasks/${id}/copy`, { to: people, note });
}

async function addSigns(
  client: Client,
  caseId: string,
  at: string | undefined,
  { to, ...body }: NonNullable<Act['add-sign']>,
): Promise<void> {
  const { id, version } = await taskAt(client, caseId, at);
  const people = await Promise.all(to.map((name) => personCalled(client, id, 'add-sign', name)));
  await client.send('POST', `/tasks/${id}/signs`, { ...body, people, version });
}

/** By name, among those to whom the task may be handed. */
export async function personCalled(client: Client, task: string, act: string, name: string): Promise<string> {
  const { people } = await client.get<TaskPeople>(`/tasks/${task}/people?act=${act}&q=${encodeURIComponent(name)}`);
  const found = people.find((one) => one.name === name);
  if (!found) throw new Error(`expected ${name} among whom the task may be handed to, found nobody`);
  return found.id;
}

/** Of several attempts the one that may be answered. */
async function recordService(
  client: Client,
  caseId: string,
  action: 'send' | 'deliver',
  path: string,
  { document: kind, ...body }: { document: string },
): Promise<void> {
  const { documents } = await client.get<CaseView>(`/cases/${caseId}`);
  const services = documents.filter((document) => document.kind === kind).flatMap((document) => document.services);
  const found = services.find(({ actions }) => actions.includes(action));
  if (!found) throw new Error(`expected a service of ${kind} with ${action}, found none`);
  await client.send('POST', `/services/${found.id}/${path}`, body);
}

async function changeCertificate(
  client: Client,
  caseId: string,
  change: NonNullable<Act['certificate']>,
): Promise<void> {
  const { certificates } = await client.get<CaseView>(`/cases/${caseId}`);
  const id = certificates.at(-1)?.id;
  if (!id) throw new Error('expected a certificate, found none');
  const { edits } = await client.get<CertificateCard>(`/certificates/${id}`);
  await client.send('POST', `/certificates/${id}/changes`, { ...change, edits });
}

/** A correction makes the seal on the application void. */
async function sealAgain(client: Client, owner: string, form: string): Promise<void> {
  const { data } = await client.get<FormView>(`/forms/${owner}/${form}`);
  const isVoid = Object.values(data).some((value) => (value as Partial<SignatureValue> | null)?.voidedAt);
  if (isVoid) await client.send('POST', `/drafts/${owner}/seal`);
}

/** The open task of a step, by id or name; the only one where none is named. Of several threads the person's own. */
async function taskAt(client: Client, caseId: string, at: string | undefined): Promise<TaskView> {
  const { tasks } = await client.get<CaseView>(`/cases/${caseId}`);
  const found = tasks.filter((task) => at === undefined || task.step === at || task.stepName === at);
  const steps = new Set(found.map((task) => task.step));
  if (steps.size === 1) return found.find(({ mine }) => mine) ?? found[0]!;
  const open = tasks.map((task) => task.step).join(', ') || 'nothing';
  throw new Error(`expected one open task${at ? ` at ${at}` : ''}, found ${open}`);
}

async function openDocument(client: Client, caseId: string, kind: string): Promise<void> {
  const { documents } = await client.get<CaseView>(`/cases/${caseId}`);
  const found = documents.find((document) => document.kind === kind);
  if (!found) throw new Error(`expected document ${kind}, found ${documents.map((d) => d.kind).join(', ') || 'none'}`);
  const bytes = await client.file(found.href);
  if (!bytes.subarray(0, 5).equals(Buffer.from('%PDF-'))) throw new Error(`${kind} is no PDF`);
}
