import { isData, own } from './expressions.ts';

export type Filter = (value: unknown, ...given: unknown[]) => unknown;

const DAY = /^(\d{4})-(\d{2})-(\d{2})/;

/** What stands behind `|` in a tag. Texts for those who write templates: `templates/README.md`. */
export const filters: Record<string, Filter> = {
  /** `2026-11-21`, of a day or moment in ISO form. */
  date: (value) => DAY.exec(text(value))?.[0] ?? text(value),
  /** `2026年11月21日`; what is no ISO day stays as it is. */
  dateCn: (value) => text(value).replace(new RegExp(DAY.source + '.*'), (_, y, m, d) => `${y}年${+m}月${+d}日`),
  /** Texts of a list, or one member of its rows, with something between: `signatories | join:'、':'name'`. */
  join: (value, between = '、', member) =>
    list(value)
      .map((row) => text(member === undefined ? row : own(row, text(member))))
      .filter(Boolean)
      .join(text(between)),
  /** Something in place of an empty text. */
  blank: (value, instead = '无') => text(value) || text(instead),
  count: (value) => list(value).length,
  /** Rows whose members have these values: `tables.sites | where:'code':site`. */
  where: (value, ...given) =>
    list(value).filter((row) => pairs(given).every(([key, is]) => text(own(row, key)) === is)),
  /** Rows whose member is one of several values parted by commas: `tables.equipment | pick:'code':equipment`. */
  pick: (value, member, of) => {
    const wanted = text(of)
      .split(/[,，、]/)
      .map((one) => one.trim());
    return list(value).filter((row) => wanted.includes(text(own(row, text(member)))));
  },
  /** One item per value of the named members, in the order of the rows; the members, and `rows`. */
  group: (value, ...members) => {
    const groups = new Map<string, Record<string, unknown> & { rows: unknown[] }>();
    for (const row of list(value)) {
      const named = members.map((member) => [text(member), text(own(row, text(member)))] as const);
      const key = JSON.stringify(named);
      if (!groups.has(key)) groups.set(key, { ...Object.fromEntries(named), rows: [] });
      groups.get(key)!.rows.push(row);
    }
    return [...groups.values()];
  },
  /** ☑ where the value (or one item of a list) is the given one, else □. */
  tick: (value, is) => ((Array.isArray(value) ? value : [value]).map(text).includes(text(is)) ? '☑' : '□'),
  /** Share of a total in per cent, whole numbers; empty without a total. */
  percent: (value, total) => (Number(total) > 0 ? `${Math.round((Number(value) * 100) / Number(total))}%` : ''),
};

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const text = (value: unknown): string => (value === null || value === undefined || isData(value) ? '' : String(value));

const pairs = (given: unknown[]): [string, string][] =>
  given.flatMap((key, i) => (i % 2 === 0 ? [[text(key), text(given[i + 1])]] : []));
