import { scalarFields } from '../../../../contracts/forms/index.ts';
import type { PackageRule, Reported, Subject } from '../check.ts';

/** Templates and number rules that documents name, and documents that steps name. */
export const documents: PackageRule = {
  code: 'document',
  check: (subject) => [...declared(subject), ...used(subject), ...signed(subject)],
};

function declared({ packed, shared }: Subject): Reported[] {
  const file = 'documents.json';
  return Object.entries(packed.documents).flatMap(([id, { template, numberRule }]) => {
    const found: Reported[] = [];
    if (template && !packed.templates[template])
      found.push({ file, element: id, zh: `没有模板 templates/${template}`, en: `There is no templates/${template}` });
    if (numberRule && !shared.numberRules.includes(numberRule))
      found.push({ file, element: id, zh: `没有编号规则 ${numberRule}`, en: `There is no number rule ${numberRule}` });
    return found;
  });
}

/** By the names that topics use for it: `document`, `certificate`. */
function used({ compiled: { steps, documents: known } }: Subject): Reported[] {
  return Object.values(steps).flatMap((step) =>
    (['document', 'certificate'] as const).flatMap((kind) =>
      (step.input[kind] ?? '')
        .split(',')
        .map((id) => id.trim())
        .filter((id) => id !== '' && known[id]?.kind !== kind)
        .map((id) => ({
          element: step.id,
          zh: `documents.json 没有${kind === 'document' ? '文书' : '证书'} ${id}`,
          en: `documents.json has no ${kind} ${id}`,
        })),
    ),
  );
}

/** The document that a signature field of a form is put on. */
function signed({ packed: { forms, documents: known } }: Subject): Reported[] {
  return Object.entries(forms).flatMap(([id, form]) =>
    scalarFields(form)
      .filter((field) => field.type === 'signature' && !known[field.properties?.document ?? ''])
      .map((field) => ({
        file: `forms/${id}.form.json`,
        element: field.key,
        zh: '签章没有写明签在哪份文书上（properties.document）',
        en: 'It does not say which document is signed (properties.document)',
      })),
  );
}
