import { nameInBlock, type CompiledFlow } from '../../../../contracts/flow.ts';
import {
  allFields,
  columnsOf,
  findField,
  isRowDecisions,
  isTable,
  scalarFields,
} from '../../../../contracts/forms/index.ts';
import { Problem } from '../../core/index.ts';
import { tagsOf } from '../../documents/index.ts';
import type { PackageRule, Reported } from '../check.ts';

/** What a template reads of the case has to be in the flow's forms and clocks: a wrong name would print nothing. */
export const templates: PackageRule = {
  code: 'template',
  check({ packed, compiled }) {
    const used = Object.entries(packed.documents).filter(([, { template }]) => template?.endsWith('.docx'));
    return used.flatMap(([id, { template = '' }]) => {
      const bytes = packed.templates[template];
      const at: Pick<Reported, 'file' | 'element'> = { file: 'documents.json', element: id };
      return bytes
        ? wrongTags(compiled, Buffer.from(bytes)).map(({ zh, en }) => ({
            ...at,
            zh: `${template} ${zh}`,
            en: `${template} ${en}`,
          }))
        : [];
    });
  },
};

function wrongTags(compiled: CompiledFlow, template: Buffer): { zh: string; en: string }[] {
  try {
    return tagsOf(template)
      .filter((tag) => !isKnown(compiled, tag))
      .map((tag) => ({ zh: `用了没有的内容 {${tag}}`, en: `reads {${tag}}, which is not there` }));
  } catch (error) {
    if (error instanceof Problem) return [{ zh: error.zh, en: error.en }];
    throw error;
  }
}

/** Names around a section are seen in it too, so a path in a section may be one of these. */
const TOP = new Set(['form', 'values', 'tables', 'approved', 'deadlines']);
/** The same, of one word; `rows` are those of a group. */
const PLAIN = new Set(['today', 'opinion', 'reason', 'index', 'this', 'rows']);

function isKnown({ flow, forms, steps }: CompiledFlow, tag: string): boolean {
  const sections = tag.split('[].').map((path) => path.split('.'));
  const inner = sections.pop()!;
  if (TOP.has(inner[0]!)) return isMember(inner);
  if (inner.length > 1 || PLAIN.has(inner[0]!)) return true;
  const around = sections.filter(([kind]) => kind === 'tables' || kind === 'approved').filter(isMember);
  return around.length === 0 || around.some(([kind, name]) => columns(kind!, name!).has(inner[0]!));

  function isMember([kind, name]: string[]): boolean {
    const form = forms[flow.form];
    if (!form || name === undefined) return true;
    if (kind === 'deadlines') return flow.clocks.some((clock) => clock.id === name) || isLimited(name);
    if (kind === 'form' || kind === 'values') return scalarFields(form).some((field) => field.key === name);
    return columns(kind!, name).size > 0;
  }

  function isLimited(name: string): boolean {
    return Object.values(steps).some(({ id, limit }) => limit && (id === name || nameInBlock(id) === name));
  }

  /** Of a table of the flow's form; of approved rows those of the rulings too. */
  function columns(kind: string, name: string): Set<string> {
    const table = forms[flow.form] && findField(forms[flow.form]!, name);
    if (!table || !isTable(table)) return new Set();
    const ruled = Object.values(forms).flatMap((form) => allFields(form).map(({ field }) => field));
    const rulings = ruled.filter(isRowDecisions).filter((field) => field.of === `${flow.form}.${name}`);
    if (kind === 'approved' && rulings.length === 0) return new Set();
    const fields = [...columnsOf(table), ...(kind === 'approved' ? rulings.flatMap(columnsOf) : [])];
    return new Set(fields.map((field) => field.key));
  }
}
