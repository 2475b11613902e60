/** Roles that look after the product or its figures, not the work of offices. */
const BESIDE_THE_WORK = ['admin', 'operator', 'analyst'];

/** Whether a grant puts somebody in charge of all below an office. */
export function leads({ role, reach }: { role: string; reach: string }): boolean {
  return reach === 'tree' && !BESIDE_THE_WORK.includes(role);
}
