/** The tag `{%field}` of a Word template: pictures of the data, as a docxtemplater module of our own. */
import type { DXT } from 'docxtemplater';
import PizZip from 'pizzip';
import type { Filter } from '../filters.ts';
import type { Picture } from './read.ts';

/** Of a `material` row's id. */
export type Pictures = ReadonlyMap<string, Picture>;

/** In the data, the ids of a field's pictures stand beside its text under this name: `%photo`. */
export const pictureKey = (field: string): string => `%${field}`;

export const PICTURE_MODULE = 'zhunyu/picture';
export const isPicture = (part: { module?: string }): boolean => part.module === PICTURE_MODULE;

/** Ids of what stands at a place, and how large each may be, in millimetres. */
interface Placed {
  ids: string;
  width: number;
  height: number;
}

const DEFAULT = { width: 80, height: 60 };
const EMU = { millimetre: 36_000, point: 9_525, degree: 60_000 };

/** What stands behind `|` in such a tag: `{%photo | box:60:45}`, in millimetres. */
export const pictureFilters: Record<string, Filter> = {
  box: (ids, width, height) => ({
    ids: typeof ids === 'string' ? ids : '',
    width: millimetres(width, DEFAULT.width),
    height: millimetres(height, Infinity),
  }),
};

function millimetres(given: unknown, otherwise: number): number {
  if (given === undefined) return otherwise;
  if (typeof given !== 'number' || !(given > 0)) throw new SyntaxError('box takes millimetres');
  return given;
}

/** The module, and what puts the used pictures into the filled file. */
export function createPictureModule(pictures: Pictures): { module: DXT.Module; addTo(zip: PizZip): void } {
  const used = new Map<string, Set<string>>();
  let drawn = 0;

  const draw = (file: string, id: string, box: Placed): string => {
    const picture = pictures.get(id);
    if (!picture) throw new RangeError(`picture ${id} was not loaded`);
    used.set(file, (used.get(file) ?? new Set()).add(id));
    return drawing(picture, { relation: relationOf(id), number: ++drawn, ...box });
  };

  return {
    module: {
      name: 'PictureModule',
      matchers: () => [['%', PICTURE_MODULE, {}]],
      render(part, { scopeManager, filePath }) {
        if (!isPicture(part)) return null;
        const value = scopeManager.getValue(part.value, { part }) as Placed | string | undefined;
        const placed = typeof value === 'object' ? value : { ids: value ?? '', ...DEFAULT };
        const drawings = placed.ids
          .split(',')
          .filter(Boolean)
          .map((id) => draw(filePath, id, placed));
        // The tag stands among the words of a run, which may hold pictures between its words.
        const between = '<w:t xml:space="preserve"> </w:t>';
        return { value: `</w:t>${drawings.join(between)}<w:t xml:space="preserve">`, errors: [] };
      },
    },
    addTo(zip) {
      for (const [file, ids] of used) {
        const relations = file.replace(/([^/]*)$/, '_rels/$1.rels');
        const known = zip.file(relations)?.asText() ?? NO_RELATIONS;
        const added = [...ids].map(
          (id) => `<Relationship Id="${relationOf(id)}" Type="${IMAGE}" Target="/${mediaOf(id, pictures)}"/>`,
        );
        zip.file(relations, known.replace('</Relationships>', `${added.join('')}</Relationships>`));
      }
      const all = new Set([...used.values()].flatMap((ids) => [...ids]));
      for (const id of all) zip.file(mediaOf(id, pictures), pictures.get(id)!.bytes);
      for (const type of new Set([...all].map((id) => pictures.get(id)!.type))) addContentType(zip, type);
    },
  };
}

const IMAGE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/image';
const NO_RELATIONS =
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>';
const relationOf = (id: string) => `field-${id}`;
const mediaOf = (id: string, pictures: Pictures) => `word/media/field-${id}.${pictures.get(id)!.type}`;

function addContentType(zip: PizZip, type: Picture['type']): void {
  const [file, mime] = ['[Content_Types].xml', type === 'png' ? 'image/png' : 'image/jpeg'];
  const types = zip.file(file)!.asText();
  if (new RegExp(`<Default[^>]*Extension="${type}"`, 'i').test(types)) return;
  zip.file(file, types.replace(/<Types[^>]*>/, `$&<Default Extension="${type}" ContentType="${mime}"/>`));
}

interface Drawn {
  relation: string;
  number: number;
  width: number;
  height: number;
}

/** As large as the box lets it be and its points suffice for (96 to the inch); never stretched. */
function drawing(picture: Picture, { relation, number, width, height }: Drawn): string {
  const onItsSide = picture.turn % 180 === 90;
  const [across, down] = onItsSide ? [picture.height, picture.width] : [picture.width, picture.height];
  const scale = Math.min(
    1,
    (width * EMU.millimetre) / (across * EMU.point),
    (height * EMU.millimetre) / (down * EMU.point),
  );
  const emu = (points: number) => Math.max(1, Math.round(points * EMU.point * scale));
  const stored = `cx="${emu(picture.width)}" cy="${emu(picture.height)}"`;
  const turned = [picture.turn && ` rot="${picture.turn * EMU.degree}"`, picture.mirrored && ' flipH="1"'];
  const name = `id="${10_000 + number}" name="field ${number}"`;
  return (
    '<w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" distT="0" distB="0" distL="0" distR="0">' +
    `<wp:extent ${stored}/><wp:docPr ${name}/>` +
    '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">' +
    `<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr><pic:cNvPr ${name}/><pic:cNvPicPr/></pic:nvPicPr>` +
    `<pic:blipFill><a:blip xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:embed="${relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>` +
    `<pic:spPr><a:xfrm${turned.filter(Boolean).join('')}><a:off x="0" y="0"/><a:ext ${stored}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>` +
    '</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>'
  );
}
