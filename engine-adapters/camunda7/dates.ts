/** The one way in which the engine takes a moment. */
export function toEngineDate(date: Date): string {
  return date.toISOString().replace('Z', '+0000');
}
