/** Dates and times as people here read them: Asia/Shanghai, 2026-11-21, within the year 11-21, time 10:32. */
const PARTS = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

function partsOf(moment: string): { day: string; time: string } {
  if (/^\d{4}-\d{2}-\d{2}$/.test(moment)) return { day: moment, time: '' };
  const parts = Object.fromEntries(PARTS.formatToParts(new Date(moment)).map((part) => [part.type, part.value]));
  return { day: `${parts.year}-${parts.month}-${parts.day}`, time: `${parts.hour}:${parts.minute}` };
}

/** `2026-11-21` of a day or an ISO moment. */
export function fullDay(moment: string): string {
  return partsOf(moment).day;
}

/** `11-21` in the year of `today`, else `2025-11-21`. */
export function shortDay(moment: string, today: string): string {
  const { day } = partsOf(moment);
  return day.slice(0, 4) === today.slice(0, 4) ? day.slice(5) : day;
}

export function timeOf(moment: string): string {
  return partsOf(moment).time;
}

/** `10:32` today, else `11-21 10:32` or `2025-11-21 10:32`. */
export function shortMoment(moment: string, today: string): string {
  const { day, time } = partsOf(moment);
  return day === today ? time : `${shortDay(moment, today)} ${time}`.trim();
}
