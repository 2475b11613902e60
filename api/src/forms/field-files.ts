/** Files and pictures that belong to a field. They are kept when uploaded; the field's value says which ones stay. */
import type { Field } from '../../../contracts/forms/index.ts';
import type { FileValue } from '../../../contracts/kinds/index.ts';
import { isFixed } from '../../../contracts/forms/index.ts';
import { notFound, type Core } from '../core/index.ts';
import { acceptFile, mimeOf, type TakenType, type Upload } from '../files/index.ts';
import { assertOpen, fixedField } from './access.ts';
import { locked } from './problems.ts';
import { tableOf } from './rows.view.ts';
import type { Editing, Session, Sessions } from './session.ts';
import type { FieldFile } from './settle.ts';
import type { Place } from './versions.ts';

export interface FieldFiles {
  /** `field`: its key, or `table.column`. @throws Problem where the field takes no such file or is not open */
  add(editing: Editing, field: string, upload: Upload): Promise<FileValue>;
  find(place: Place, field: string, ids: string[]): Promise<FieldFile[]>;
}

const documents: TakenType[] = ['pdf', 'jpg', 'png', 'docx', 'xlsx'];
const itemOf = (field: string) => `field:${field}`;

export function createFieldFiles(core: Core, sessions: Sessions): FieldFiles {
  return {
    async add(editing, name, upload) {
      const field = fieldNamed(editing, name);
      if (field.type !== 'files' && field.type !== 'photo') throw notFound();
      const [head] = name.split('.');
      assertOpen(editing.access.open, [{ path: head, label: field.label }]);
      const type = mimeOf(await acceptFile(upload.name, upload.bytes, takenBy(field)));
      const { hash, size } = await core.files.put(upload.bytes);
      const context = await sessions.context({ step: editing.access.step });
      return sessions.change(editing, async (trx, { version, data }) => {
        const { fields, tables } = editing.form;
        const entry = fields.get(head) ?? tables.get(head)!;
        if (isFixed(entry, data, context)) throw locked({ fields: [fixedField(head, field.label, field.labelEn)] });
        const [{ id }] = await trx('material')
          .insert({
            ...editing.place,
            item: itemOf(name),
            name: upload.name,
            file_hash: hash,
            size,
            type,
            version,
            uploaded_at: core.time.now(),
            uploaded_by: editing.who.personId,
          })
          .returning('id');
        return { id, name: upload.name, size, type };
      });
    },

    async find(place, field, ids) {
      const known = ids.filter((id) => /^[0-9a-f-]{36}$/i.test(id));
      const rows = await core
        .db('material as m')
        .leftJoin('person as p', 'p.id', 'm.uploaded_by')
        .where({ 'm.owner': place.owner, 'm.form': place.form, 'm.item': itemOf(field) })
        .whereIn('m.id', known)
        .select('m.id', 'm.name', 'm.size', 'm.type', 'm.uploaded_at', 'p.name as by');
      return rows.map(({ id, name, size, type, uploaded_at, by }) => ({
        ...{ id, name, type },
        size: Number(size),
        uploadedAt: uploaded_at,
        by: by ?? '',
      }));
    },
  };
}

/** @throws not-found */
export function fieldNamed(session: Session, name: string): Field {
  const [head, column] = name.split('.');
  const found = column
    ? tableOf(session, head).columns.find(({ field }) => field.key === column)?.field
    : session.form.fields.get(head)?.field;
  if (!found) throw notFound();
  return found;
}

function takenBy({ type, accept, video }: Field): TakenType[] {
  if (type === 'photo') return ['jpg', 'png', ...(video ? (['mp4', 'webm'] as const) : [])];
  return accept ?? documents;
}
