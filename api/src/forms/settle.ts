/**
 * Puts values in order that the browser only proposes: names of what was chosen and what the choice fills, files and
 * who took them, text with shape. Such values are never believed as they were sent.
 */
import type { CompiledField, Field } from '../../../contracts/forms/index.ts';
import {
  isEmpty,
  referencesIn,
  sanitised,
  type FileValue,
  type PhotoValue,
  type Reference,
} from '../../../contracts/kinds/index.ts';
import { invalidInput, type FieldProblem, type Who } from '../core/index.ts';
import { isOpen } from './access.ts';
import type { Choice, Choices } from './choices.ts';
import type { ServerForm } from './compiled.ts';
import type { Editing } from './session.ts';
import type { Data, Place, Sources } from './versions.ts';

export interface Settled {
  /** What was sent, in order, and what it fills. */
  values: Data;
  /** Whence the filled values are. */
  sources: Sources;
  /** Keys whose value is not the one that was sent. */
  changed: string[];
}

/** `table`: the fields are its columns. @throws Problem that names what there is none of */
export type Settle = (at: Editing, fields: CompiledField<Field>[], set: Data, table?: string) => Promise<Settled>;

/** A file of a field, with who sent it and when. */
export interface FieldFile extends FileValue {
  by: string;
  uploadedAt: Date;
}

export interface SettleDeps {
  choices: Choices;
  /** Files that were uploaded to this field of the owner's form. */
  files(place: Place, field: string, ids: string[]): Promise<FieldFile[]>;
}

const chosen = new Set<Field['type']>(['person', 'organisation', 'register-ref']);
const others = new Set<Field['type']>(['rich-text', 'files', 'photo']);
/** Kinds whose values are put in order. */
export const isSettled = ({ type }: Field) => chosen.has(type) || others.has(type);

export function createSettle({ choices, files }: SettleDeps): Settle {
  return async (at, fields, set, table) => {
    const settled: Settled = { values: { ...set }, sources: {}, changed: [] };
    const problems: FieldProblem[] = [];
    const put = (key: string, value: unknown) => {
      settled.values[key] = value;
      settled.changed.push(key);
    };
    for (const { field } of fields) {
      const { key, type } = field;
      const value = set[key];
      if (isEmpty(value)) continue;
      if (type === 'rich-text') put(key, sanitised(value as string) || null);
      if (type === 'files' || type === 'photo') {
        const name = table ? `${table}.${key}` : key;
        const known = await files(
          at.place,
          name,
          (value as FileValue[]).map(({ id }) => id),
        );
        const sent = value as (FileValue & Partial<PhotoValue>)[];
        const gone = sent.filter(({ id }) => !known.some((file) => file.id === id));
        if (gone.length > 0) problems.push(nothing(field, gone[0].name));
        else
          put(
            key,
            sent.map((one) =>
              fileOf(
                one,
                known.find((file) => file.id === one.id)!,
                type,
              ),
            ),
          );
      }
      if (!chosen.has(type)) continue;
      const found = await Promise.all(referencesIn(value).map((reference) => find(at.who, field, reference)));
      const missing = found.find((one) => typeof one === 'string');
      if (typeof missing === 'string') {
        problems.push(nothing(field, missing));
        continue;
      }
      const references = found.filter((one) => typeof one !== 'string');
      const plain = references.map(({ id, label }) => ({ id, label }));
      put(key, field.many ? plain : plain[0]);
      if (field.many || !references[0].fields) continue;
      for (const [filled, value] of Object.entries(filledBy(field, references[0], at.form, table))) {
        if (!table && !isOpen(at.access.open, filled)) continue;
        put(filled, value);
        settled.sources[filled] = references[0].source!;
      }
    }
    if (problems.length > 0) throw invalidInput({ fields: problems });
    return settled;
  };

  /** The name of what is asked for and isn't there; a written name that nothing has stays as it is, for the check. */
  async function find(
    who: Who,
    field: Field,
    { id, label }: Reference,
  ): Promise<(Partial<Choice> & Reference) | string> {
    const found = await choices(who, field, id === '' ? { named: label } : { ids: [id] });
    if (id === '') return found.length === 1 ? found[0] : { id, label };
    return found[0] ?? label;
  }
}

/** Values of the entry that fit the fields which it fills. */
function filledBy({ fills = {} }: Field, { fields = {} }: Partial<Choice>, form: ServerForm, table?: string): Data {
  const values = Object.entries(fills).map(([key, from]): [string, unknown] => [key, fields[from] ?? null]);
  return Object.fromEntries(values.filter(([key, value]) => form.shape({ [key]: value }, table).length === 0));
}

function fileOf(
  sent: Partial<PhotoValue>,
  { by, uploadedAt, ...file }: FieldFile,
  type: Field['type'],
): FileValue | PhotoValue {
  if (type === 'files') return file;
  const shot = Date.parse(sent.at ?? '');
  // A device's own clock is not believed beyond the moment at which the picture arrived.
  const at = Number.isNaN(shot) || shot > uploadedAt.getTime() ? uploadedAt : new Date(shot);
  const place = { lat: sent.lat ?? null, lon: sent.lon ?? null, accuracy: sent.accuracy ?? null };
  return { ...file, at: at.toISOString(), by, ...place };
}

const nothing = ({ key, label, labelEn }: Field, name: string): FieldProblem => ({
  path: key,
  zh: `${label}：没有「${name}」。重新选择`,
  en: `${labelEn ?? label}: there is no "${name}"`,
});
