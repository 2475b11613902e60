/** Flows of a test's own: copies of the simplest starter whose application holds further fields. */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { copyPackage, type Folders } from '../api/src/flows/index.ts';
import type { FormSchema, Group } from '../contracts/forms/index.ts';

const STARTER = 'single-approval';
const project = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** Makes folders below `root` with one flow for each id, and nothing else to release. */
export async function flowsWith(root: string, flows: Record<string, Group[]>): Promise<Folders> {
  const made = { workflows: join(root, 'workflows'), templates: join(root, 'templates') };
  await cp(project('templates'), made.templates, { recursive: true });
  for (const name of ['shared', 'blocks', 'starters'])
    await cp(join(project('workflows'), name), join(made.workflows, name), { recursive: true });
  for (const [id, groups] of Object.entries(flows)) {
    await copyPackage(made, id, STARTER);
    await changeForm(made, id, (form) => ({ ...form, components: [...form.components, ...groups] }));
  }
  return made;
}

/** Changes the application's form of such a flow. */
export async function changeForm(
  { workflows }: Folders,
  flow: string,
  change: (form: FormSchema) => FormSchema,
): Promise<void> {
  const file = join(workflows, flow, 'forms', 'application.form.json');
  const form = JSON.parse(await readFile(file, 'utf8')) as FormSchema;
  await writeFile(file, JSON.stringify(change(form)));
}
