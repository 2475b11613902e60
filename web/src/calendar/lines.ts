/** The holidays of a year as an administrator types them: a line per day, `2027-01-01 休 元旦` or `2027-02-20 班 春节`. */
const LINE = /^(\d{4}-\d{2}-\d{2})\s+(休|班|off|work)\s+(\S.*)$/;

export interface Typed {
  /** As the api takes them: `{"2027-01-01": "off:元旦"}`. */
  days: Record<string, string>;
  /** Numbers, from 1, of lines that cannot be read or are not of the year. */
  wrong: number[];
}

export function readLines(text: string, year: number): Typed {
  const days: Record<string, string> = {};
  const wrong: number[] = [];
  text.split('\n').forEach((line, i) => {
    if (!line.trim()) return;
    const [, day = '', kind, name] = LINE.exec(line.trim()) ?? [];
    if (!day.startsWith(`${year}-`) || Number.isNaN(Date.parse(day))) wrong.push(i + 1);
    else days[day] = `${kind === '休' || kind === 'off' ? 'off' : 'work'}:${name}`;
  });
  return { days, wrong };
}

export function writeLines(days: { day: string; kind: 'off' | 'work'; name: string }[]): string {
  return days.map(({ day, kind, name }) => `${day} ${kind === 'off' ? '休' : '班'} ${name}`).join('\n');
}
