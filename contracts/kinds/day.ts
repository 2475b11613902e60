/** True for a day that exists, written `2026-11-21`, from 1800 to 2199. */
export function isDay(text: string): boolean {
  if (!/^(18|19|20|21)\d{2}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
