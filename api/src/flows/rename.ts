/** What a block calls its own gets a name of the call, so that a flow can call a block twice, and two blocks one id. */
import type { FormSchema } from '../../../contracts/forms/index.ts';
import type { DocumentsJson, MessagesJson } from '../../../contracts/flow.ts';
import { renameVariables } from './expression.ts';
import { allElements, isFlow, parametersOf, type Item } from './moddle.ts';
import { listOf } from './steps.ts';

const SEPARATOR = '__';

/** What a package, or a block in it, brings beside its model. */
export interface Parts {
  forms: Record<string, FormSchema>;
  documents: DocumentsJson;
  messages: MessagesJson;
  /** Bytes of Word templates and layouts by path below `templates/`; these names are never changed. */
  templates: Record<string, Uint8Array>;
}

type Names = Map<string, string>;

/** Old name → name in the flow. */
interface Renamed {
  steps: Names;
  variables: Names;
  forms: Names;
  documents: Names;
  messages: Names;
}

/** Id that an element of the block gets: `supplement__correct`. */
export const elementName = (call: string, id: string): string => `${call}${SEPARATOR}${id}`;

/** Name that a form, document or message of the block gets: `site-review-plan` for `plan` of the call `siteReview`. */
export const partName = (call: string, name: string): string =>
  `${call.replaceAll(SEPARATOR, '-').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}-${name}`;

/** Names of the block for this call. */
export function namesOf(inner: Item, call: string, parts: Parts): Renamed {
  const ids = allElements(inner)
    .filter((e) => !isFlow(e))
    .map((e) => e.id);
  const named = (part: object): Names => new Map(Object.keys(part).map((name) => [name, partName(call, name)]));
  return {
    steps: new Map(ids.map((id) => [id, elementName(call, id)])),
    variables: new Map(ids.map((id) => [`${id}_outcome`, `${elementName(call, id)}_outcome`])),
    forms: named(parts.forms),
    documents: named(parts.documents),
    messages: named(parts.messages),
  };
}

/** Renames what the block's elements say, and their ids. */
export function renameElements(inner: Item, call: string, names: Renamed): void {
  for (const element of allElements(inner)) {
    if (element.conditionExpression?.body) {
      element.conditionExpression.body = renameVariables(element.conditionExpression.body, names.variables);
    }
    for (const parameter of parametersOf(element)) {
      if (parameter.value) parameter.value = reference(parameter.name, parameter.value, names);
      if (parameter.value) parameter.value = renameVariables(parameter.value, names.variables);
      if (parameter.name) parameter.name = names.variables.get(parameter.name) ?? parameter.name;
    }
    if (element.formRef) element.formRef = names.forms.get(element.formRef) ?? element.formRef;
    for (const property of propertyItems(element)) {
      if (property.value) property.value = reference(property.name, property.value, names);
    }
  }
  for (const element of [...allElements(inner), ...(inner.artifacts ?? [])]) {
    element.id = elementName(call, element.id);
    for (const part of [element.loopCharacteristics, ...(element.eventDefinitions ?? [])]) {
      if (part?.id) part.id = elementName(call, part.id);
    }
  }
}

/** The parts under the names of the call; templates keep theirs. */
export function renameParts(parts: Parts, names: Renamed): Parts {
  const under = <T>(part: Record<string, T>, given: Names): Record<string, T> =>
    Object.fromEntries(Object.entries(part).map(([name, value]) => [given.get(name)!, value]));
  const forms = Object.entries(parts.forms).map(([name, form]) => {
    const id = names.forms.get(name)!;
    return [id, { ...(renameForm(form, names) as FormSchema), id }] as const;
  });
  return {
    forms: Object.fromEntries(forms),
    documents: under(parts.documents, names.documents),
    messages: under(renameWords(parts.messages, names.forms), names.messages),
    templates: parts.templates,
  };
}

/** `{form.field}` in all texts. */
const renameWords = <T>(value: T, forms: Names): T => JSON.parse(words(JSON.stringify(value), forms)) as T;

/** Where a form names a document that is signed (`properties.document`), or a table of another form (`of`). */
function renameForm(value: unknown, names: Renamed): unknown {
  if (Array.isArray(value)) return value.map((item) => renameForm(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (key === 'document' && typeof inner === 'string') return [key, names.documents.get(inner) ?? inner];
      if (key === 'of' && typeof inner === 'string') return [key, places(inner, names.forms)];
      return [key, renameForm(inner, names)];
    }),
  );
}

/** Properties and inputs of steps that name something: what a block names so may be its own. */
function reference(name: string | undefined, text: string, names: Renamed): string {
  switch (name) {
    case 'not-same-as':
    case 'returnTo':
    case 'answer':
      return list(text, names.steps);
    case 'document':
    case 'certificate':
      return list(text, names.documents);
    case 'message':
      return list(text, names.messages);
    case 'form':
      return list(text, names.forms);
    case 'edits': {
      const [form = '', ...open] = text.split(':');
      return [names.forms.get(form) ?? form, ...open].join(':');
    }
    case 'answerers':
    case 'fields':
    case 'fill':
    case 'set':
    case 'sets':
      return places(text, names.forms);
    default:
      return words(text, names.forms);
  }
}

const list = (text: string, names: Names): string =>
  listOf(text)
    .map((name) => names.get(name) ?? name)
    .join(',');

const words = (text: string, forms: Names): string =>
  text.replace(/(?<=\{)[a-z][a-z0-9-]*(?=\.)/g, (form) => forms.get(form) ?? form);

/** Every `form.field` in the text. */
const places = (text: string, forms: Names): string =>
  text.replace(/(?<![\w.-])[a-z][a-z0-9-]*(?=\.)/g, (form) => forms.get(form) ?? form);

function propertyItems(element: Item): Item[] {
  const values = element.extensionElements?.values ?? [];
  return values.filter((v) => v.$type === 'camunda:Properties').flatMap((v) => v.values ?? []);
}
