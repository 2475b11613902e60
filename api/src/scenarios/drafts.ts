/** An application of a scenario: begun, filled in, sealed and submitted. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FlowJson } from '../../../contracts/flow.ts';
import { scalarFields, type FormSchema } from '../../../contracts/forms/index.ts';
import type { Place } from '../flows/index.ts';
import type { Client } from './client.ts';
import { enter } from './entries.ts';
import { entryAbout } from './register.ts';
import type { Entries } from './schema.ts';

export interface Draft {
  id: string;
  /** It gets the applicant's seal before it is submitted. */
  sealed: boolean;
}

/** `about` names the entry of the flow's register where staff begin it. */
export async function beginDraft(
  client: Client,
  { id: flow, folder, home }: Pick<Place, 'id' | 'folder' | 'home'>,
  entries: Entries,
  about?: string,
): Promise<Draft> {
  const text = await readFile(join(folder, 'flow.json'), 'utf8');
  const { form, subject } = JSON.parse(text) as Pick<FlowJson, 'form' | 'subject'>;
  const of = about && (await entryAbout(client, subject.register, about));
  if (about && !of) throw new Error(`${subject.register} has no ${about}`);
  const { id } = await client.send<{ id: string }>('POST', '/drafts', { flow, ...(of && { subject: of }) });
  const schema = await enter(client, { owner: id, form }, entries, home);
  return { id, sealed: isSealed(schema) };
}

export async function submitDraft(client: Client, { id, sealed }: Draft): Promise<void> {
  if (sealed) await client.send('POST', `/drafts/${id}/seal`);
  await client.send('POST', `/drafts/${id}/submit`);
}

/** Whether the form has a place for the applicant's seal. */
export const isSealed = (form: FormSchema): boolean =>
  scalarFields(form).some(({ type, properties }) => type === 'signature' && properties?.document !== undefined);
