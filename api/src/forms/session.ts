/** One caller at one form: what they may do, and the frame in which every change happens. */
import type { Knex } from 'knex';
import type { Release } from '../../../contracts/flow.ts';
import type { CheckContext } from '../../../contracts/forms/index.ts';
import type { SignatureValue } from '../../../contracts/kinds/index.ts';
import { notFound, shanghaiDay, type Core, type Who } from '../core/index.ts';
import type { Access, AccessOf } from './access.ts';
import { createCompiler, type ServerForm } from './compiled.ts';
import { createDivisions } from './divisions.ts';
import { readOnly } from './problems.ts';
import { openVersion, readVersion, writeVersion, type Data, type Place, type Version } from './versions.ts';

export interface Session {
  who: Who;
  place: Place;
  access: Access;
  form: ServerForm;
}
export type Editing = Session & { access: Extract<Access, { mode: 'edit' }> };

export type Work<T> = (trx: Knex.Transaction, version: Version) => Promise<T>;

export interface Sessions {
  /** @throws not-found to whom it is none of their business */
  read(who: Who, owner: string, form: string): Promise<Session>;
  /** @throws form-read-only as well */
  edit(who: Who, owner: string, form: string): Promise<Editing>;
  /**
   * A transaction with the version that is worked on. What it changes in the application makes a seal put on it void
   * (the book is no longer what was sealed); pinned places are mended beside the sealed book.
   */
  change<T>(editing: Editing, work: Work<T>): Promise<T>;
  /** The same for what is not part of the sealed book: materials, the seal itself. */
  changeBeside<T>(editing: Editing, work: Work<T>): Promise<T>;
  data(place: Place): Promise<Data>;
  compile(release: Release, form: string): ServerForm;
  context(situation?: { step?: string | null; outcome?: string | null }): Promise<CheckContext>;
}

export function createSessions(core: Core, { access }: { access: AccessOf }): Sessions {
  const compiler = createCompiler();
  const divisions = createDivisions(core);

  function compile(release: Release, form: string): ServerForm {
    const schema = release.package.forms[form];
    if (!schema) throw notFound({ zh: `没有表单「${form}」`, en: `There is no form "${form}"` });
    return compiler(schema);
  }

  async function read(who: Who, owner: string, form: string): Promise<Session> {
    const granted = await access(who, owner, form);
    if (!granted) throw notFound();
    return { who, place: { owner, form }, access: granted, form: compile(granted.release, form) };
  }

  async function changeBeside<T>({ who, place }: Editing, work: Work<T>): Promise<T> {
    const mayGoOn = async () => {
      if ((await access(who, place.owner, place.form))?.mode !== 'edit') throw readOnly();
    };
    return core.db.transaction(async (trx) => {
      const at = core.time.now();
      const version = await openVersion(trx, place, at, mayGoOn);
      version.updatedAt = at;
      const result = await work(trx, version);
      await writeVersion(trx, place, version);
      return result;
    });
  }

  return {
    compile,
    read,

    async edit(who, owner, form) {
      const session = await read(who, owner, form);
      if (session.access.mode !== 'edit') throw readOnly();
      return session as Editing;
    },

    change: (editing, work) =>
      changeBeside(editing, (trx, version) => {
        if (editing.access.open === 'all') voidSeals(editing.form, version.data, core.time.now());
        return work(trx, version);
      }),
    changeBeside,
    data: async (place) => (await readVersion(core.db, place)).data,

    async context(situation = {}) {
      return { today: shanghaiDay(core.time.now()), division: await divisions(), ...situation };
    },
  };
}

function voidSeals(form: ServerForm, data: Data, at: Date): void {
  for (const { field } of form.fields.values()) {
    const value = data[field.key] as SignatureValue | undefined;
    if (field.type === 'signature' && value && !value.voidedAt)
      data[field.key] = { ...value, voidedAt: at.toISOString() };
  }
}
