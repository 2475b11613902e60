/** Parameters of a block: texts of its model that the calling flow gives with `camunda:in source="text" target="parameter"`. */
import type { BlockParameter } from '../../../contracts/flow.ts';
import type { Item } from './moddle.ts';
import type { BlockSource } from './read.ts';

/** Why a call could not be inlined; `element` is the call activity. */
export class InlineError extends Error {
  readonly element: string;
  readonly zh: string;

  constructor(element: string, zh: string, en: string) {
    super(en);
    this.element = element;
    this.zh = zh;
  }
}

/** Would break the JSON or the expression that they are put into. */
const FORBIDDEN = /["\\{}]/;
const PLACE = /(?<![$#])\{([a-z][a-z0-9-]*)\}/g;

/** The block's model as this call means it. @throws InlineError */
export function modelFor(call: Item, block: BlockSource): string {
  const given = givenBy(call);
  const { id, parameters } = block.block;
  const known = new Set(parameters.map((parameter) => parameter.id));
  for (const name of given.keys())
    if (!known.has(name))
      throw new InlineError(call.id, `模块 ${id} 没有参数 ${name}`, `Block ${id} has no parameter ${name}`);
  const texts = new Map(parameters.map((parameter) => [parameter.id, textOf(call, parameter, given)]));
  return block.model.replace(PLACE, (place, name: string) => {
    const text = texts.get(name);
    return text === undefined ? place : escaped(text);
  });
}

function givenBy(call: Item): Map<string, string> {
  const values = call.extensionElements?.values ?? [];
  return new Map(
    values
      .filter((value) => value.$type === 'camunda:In')
      .map(({ source, target }) => {
        if (source === undefined || !target)
          throw new InlineError(
            call.id,
            '模块参数写作 camunda:in，source 是内容，target 是参数名',
            'A parameter is a camunda:in whose source is the text and whose target is its name',
          );
        return [target, source];
      }),
  );
}

function textOf(call: Item, { id, title, default: standard }: BlockParameter, given: Map<string, string>): string {
  const text = given.get(id) ?? standard;
  if (text === undefined)
    throw new InlineError(
      call.id,
      `没有给出参数 ${id}（${title.zh}）`,
      `The parameter ${id} (${title.en}) is not given`,
    );
  if (FORBIDDEN.test(text))
    throw new InlineError(
      call.id,
      `参数 ${id} 不能有英文引号、反斜杠和花括号：${text}`,
      `The parameter ${id} may not have quotes, backslashes or braces: ${text}`,
    );
  return text;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&apos;' };
const escaped = (text: string): string => text.replace(/[&<>']/g, (sign) => ENTITIES[sign]!);
