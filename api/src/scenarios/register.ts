/** Registers, as the people of a scenario see them. */
import type { Client } from './client.ts';

/** Id of the entry that is called so, or is about whom is called so. */
export async function entryAbout(client: Client, register: string, name: string): Promise<string | undefined> {
  const { rows } = await client.get<{ rows: { id: string; fields: Record<string, unknown> }[] }>(
    `/registers/${register}?q=${encodeURIComponent(name)}`,
  );
  return rows.find(({ fields }) => Object.values(fields).includes(name))?.id;
}
