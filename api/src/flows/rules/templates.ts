import { nameInBlock, type CompiledFlow } from '../../../../contracts/flow.ts';
import {
  allFields,
  columnsOf,
  findField,
  isRowDecisions,
  isTable,
  scalarFields,
  type Field,
} from '../../../../contracts/forms/index.ts';
import { Problem } from '../../core/index.ts';
import {
  createFonts,
  formName,
  holdsPictures,
  missingPart,
  pictureKey,
  tagsOf,
  unprintable,
  wordsOf,
  type Fonts,
} from '../../documents/index.ts';
import type { PackageRule, Reported } from '../check.ts';

/**
 * What a template reads of the case has to be in the flow's forms and clocks: a wrong name would print nothing. Its
 * letters have to be in the fonts of documents, and the places for signatures among its words.
 */
export const templates: PackageRule = {
  code: 'template',
  check({ packed, compiled }) {
    const fonts = createFonts();
    const used = Object.entries(packed.documents).filter(([, { template }]) => template?.endsWith('.docx'));
    return used.flatMap(([id, { template = '', signatures = [] }]) => {
      const bytes = packed.templates[template];
      const at: Pick<Reported, 'file' | 'element'> = { file: 'documents.json', element: id };
      const places = signatures.map(({ place }) => place);
      return bytes
        ? faultsOf({ compiled, fonts, places }, Buffer.from(bytes)).map(({ zh, en }) => ({
            ...at,
            zh: `${template} ${zh}`,
            en: `${template} ${en}`,
          }))
        : [];
    });
  },
};

interface Setting {
  compiled: CompiledFlow;
  fonts: Fonts;
  /** Words over which people sign. */
  places: string[];
}

function faultsOf({ compiled, fonts, places }: Setting, template: Buffer): { zh: string; en: string }[] {
  try {
    const words = wordsOf(template);
    const missing = missingPart(template);
    const wrong = tagsOf(template).filter((tag) => !isKnown(compiled, tag));
    return [
      ...(missing
        ? [
            {
              zh: `不是完整的 Word 文件：缺少 ${missing}。用 Word 或 WPS 打开，另存为 .docx`,
              en: `is no complete Word file: lacks ${missing}. Open it in Word or WPS and save it as .docx`,
            },
          ]
        : []),
      ...wrong.map((tag) =>
        isPicture(tag)
          ? {
              zh: `的图片标记 {${pictureTag(tag)}} 不是有图片的字段（现场照片，收 PNG、JPEG 的附件）`,
              en: `prints pictures with {${pictureTag(tag)}}, which is no field with pictures`,
            }
          : { zh: `用了没有的内容 {${tag}}`, en: `reads {${tag}}, which is not there` },
      ),
      ...unprintable(words, fonts).map((letter) => ({
        zh: `有文书字体印不出来的字「${letter}」：${surroundings(words, letter)}`,
        en: `has “${letter}”, which the fonts of documents lack: ${surroundings(words, letter)}`,
      })),
      ...places
        .filter((place) => !words.includes(place))
        .map((place) => ({ zh: `没有签名处的文字「${place}」`, en: `lacks the words “${place}” of a signature` })),
    ];
  } catch (error) {
    if (error instanceof Problem) return [{ zh: error.zh, en: error.en }];
    throw error;
  }
}

/** A few letters before and after the first of a kind. */
function surroundings(words: string, letter: string): string {
  const at = words.indexOf(letter);
  return words.slice(Math.max(0, at - 10), at + letter.length + 10).replaceAll('\n', ' ');
}

/** Names around a section are seen in it too, so a path in a section may be one of these. */
const TOP = new Set(['form', 'forms', 'values', 'tables', 'approved', 'deadlines']);
/** The same, of one word or with whatever member; `rows` are those of a group. */
const PLAIN = new Set(['today', 'opinion', 'reason', 'index', 'this', 'rows', 'missing', 'findings', 'refused']);
/** The same, with the members that are always there. */
const MEMBERS: Record<string, string[]> = {
  doc: ['number', 'date', 'title'],
  office: ['name', 'shortName', 'code', 'address', 'phone'],
  case: ['number', 'title', 'item', 'receivedOn', 'acceptedOn'],
  applicant: ['name', 'uscc', 'address', 'contact', 'phone'],
  certificate: ['number', 'validFrom', 'validTo', 'change'],
  signer: ['name', 'position'],
  service: 'title number addressee way basis place sentAt servedAt receiver server note hash'.split(' '),
};

const isPicture = (tag: string): boolean => /%[^.]*$/.test(tag);

/** As it is written: `%form.photo`. */
const pictureTag = (tag: string): string => `%${tag.split('[].').at(-1)!.replace('%', '')}`;

function isKnown({ flow, forms, steps }: CompiledFlow, tag: string): boolean {
  const sections = tag.split('[].').map((path) => path.split('.'));
  const inner = sections.pop()!;
  if (TOP.has(inner[0]!)) return isMember(inner);
  if (Object.hasOwn(MEMBERS, inner[0]!)) return inner.length === 1 || MEMBERS[inner[0]!]!.includes(inner[1]!);
  if (PLAIN.has(inner[0]!)) return true;
  if (sections.length === 0) return false;
  if (inner.length > 1) return !isPicture(tag);
  const around = sections.filter(([kind]) => kind === 'tables' || kind === 'approved').filter(isMember);
  return (
    (around.length === 0 && !isPicture(tag)) || around.some(([kind, name]) => columns(kind!, name!).has(inner[0]!))
  );

  function isMember([kind, name, member]: string[]): boolean {
    if (kind === 'forms') {
      const [, named] = Object.entries(forms).find(([id]) => formName(id) === name) ?? [];
      return named !== undefined && namesOf(scalarFields(named)).has(member!);
    }
    const form = forms[flow.form];
    if (!form || name === undefined) return true;
    if (kind === 'deadlines') return flow.clocks.some((clock) => clock.id === name) || isLimited(name);
    if (kind === 'values') return scalarFields(form).some((field) => field.key === name);
    if (kind === 'form') return namesOf(scalarFields(form)).has(name);
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
    return namesOf(fields);
  }
}

/** What templates call fields, and the pictures of those that have some. */
const namesOf = (fields: Field[]): Set<string> =>
  new Set(fields.flatMap((field) => [field.key, ...(holdsPictures(field) ? [pictureKey(field.key)] : [])]));
