/** The pictures of the data that a template prints. */
import type { CompiledFlow } from '../../../../contracts/flow.ts';
import { problemKind, type Core } from '../../core/index.ts';
import type { TemplateData } from '../data.ts';
import { tagsOf } from '../fill.ts';
import { labelOf, textsIn } from '../letters.ts';
import type { Pictures } from './module.ts';
import { readPicture, type Picture } from './read.ts';

const documentPicture = problemKind(
  'document-picture',
  422,
  '文书上的图片放不进去',
  'A picture cannot be put into the document',
);

const MB = 1024 * 1024;
/** Bytes of one picture and of all in a document, points of one. */
const LIMIT = { one: 10 * MB, all: 60 * MB, points: 60_000_000 };

/** A file that the template prints, and where the data name it. */
interface Wanted {
  id: string;
  /** Of the data: `tables/sites/0/%photo`. */
  path: string[];
}

/**
 * @param of data whose fields with pictures name their files (`%photo`)
 * @throws Problem `document-picture` naming field, tag and file where one is no PNG or JPEG, damaged or too large
 */
export async function loadPictures(
  { db, files }: Pick<Core, 'db' | 'files'>,
  of: { template: Buffer; data: TemplateData; flow: CompiledFlow },
): Promise<Pictures> {
  const pictures = new Map<string, Picture>();
  const wanted = wantedOf(of);
  if (wanted.length === 0) return pictures;
  const rows = await db('material')
    .whereIn(
      'id',
      wanted.map(({ id }) => id),
    )
    .select('id', 'name', 'file_hash', 'size');
  let left = LIMIT.all;
  for (const { id, path } of wanted) {
    const row = rows.find((one) => one.id === id);
    const refused = (zh: string, en: string) => refusal(of.flow, { path, name: row?.name ?? id, zh, en });
    if (!row) throw refused('已经不在了', 'is not there any more');
    left -= Number(row.size);
    if (Number(row.size) > LIMIT.one) throw refused('超过 10 MB', 'is larger than 10 MB');
    if (left < 0) throw refused('放进去以后图片合计超过 60 MB', 'makes the pictures larger than 60 MB together');
    const picture = readPicture(await files.get(row.file_hash));
    if (!picture) throw refused('不是 PNG 或者 JPEG 图片，或者已损坏', 'is no PNG or JPEG picture, or is damaged');
    if (picture.width * picture.height > LIMIT.points)
      throw refused('超过 6000 万点', 'has more than 60 million points');
    pictures.set(id, picture);
  }
  return pictures;
}

/** Each file once, with the first place that names it. */
function wantedOf({ template, data }: { template: Buffer; data: TemplateData }): Wanted[] {
  const { values: _, ...printed } = data;
  const held = textsIn(printed).filter(([path, ids]) => path.at(-1)!.startsWith('%') && ids !== '');
  if (held.length === 0) return [];
  const names = new Set(tagsOf(template).flatMap((tag) => /%[^.]*$/.exec(tag)?.[0] ?? []));
  const places = held.filter(([path]) => names.has(path.at(-1)!));
  const wanted = new Map<string, Wanted>();
  for (const [path, ids] of places) for (const id of ids.split(',')) if (!wanted.has(id)) wanted.set(id, { id, path });
  return [...wanted.values()];
}

interface Refused {
  path: string[];
  /** Of the file. */
  name: string;
  /** What is wrong with it. */
  zh: string;
  en: string;
}

function refusal(flow: CompiledFlow, { path, name, zh, en }: Refused) {
  const tag = path.at(-1)!;
  const label = labelOf([...path.slice(0, -1), tag.slice(1)], flow);
  const said = {
    zh: `「${label}」的「${name}」${zh}，模板的标记 {${tag}} 印不出来。请换一张，再重试`,
    en: `“${name}” of ${label} ${en}, so {${tag}} of the template cannot print it; replace it, then try again`,
  };
  return documentPicture({ ...said, fields: [{ path: path.join('/'), ...said }] });
}
