import type { PackageRule } from '../check.ts';

const OF_THE_CASE = new Set(['applicant', 'starter']);
const OFFICES = /^(case|city|province|thread|[a-z][A-Za-z0-9]*)$/;

/** A task that nobody can take would wait for ever. */
export const candidates: PackageRule = {
  code: 'candidates',
  check({ compiled, shared }) {
    const roles = new Set(shared.roles.map((role) => role.id));
    return Object.values(compiled.steps)
      .filter((step) => step.type === 'user')
      .flatMap((step) => {
        if (step.groups.length === 0 && step.quorum?.people) return [];
        if (step.groups.length === 0)
          return [
            { element: step.id, zh: '没有人能办这个环节：缺 candidateGroups', en: 'Nobody can decide this step' },
          ];
        const unknown = step.groups.filter((group) => {
          const [role = '', office = 'case'] = group.split('@');
          return !OF_THE_CASE.has(role) && !(roles.has(role) && OFFICES.test(office));
        });
        return unknown.map((group) => ({
          element: step.id,
          zh: `没有岗位 ${group}，岗位列在 workflows/shared/roles.json`,
          en: `There is no role ${group} in workflows/shared/roles.json`,
        }));
      });
  },
};
