import type { FlowJson, Step, Trigger } from '../../../../contracts/flow.ts';
import { findField } from '../../../../contracts/forms/index.ts';
import type { PackageRule, Reported, Subject } from '../check.ts';

/** What flow.json and the steps name by id has to be there. */
export const references: PackageRule = {
  code: 'reference',
  check: (subject) => [...ofFlow(subject), ...Object.values(subject.compiled.steps).flatMap((s) => ofStep(subject, s))],
};

function ofFlow({ source, shared, compiled }: Subject): Reported[] {
  const { flow } = source;
  const roles = new Set(['applicant', ...shared.roles.map((role) => role.id)]);
  const missing: [boolean, string, string, string][] = [
    [flow.id !== source.id, 'id', `应是文件夹名 ${source.id}`, `The id must be the folder's name ${source.id}`],
    [!compiled.forms[flow.form], 'form', `没有表单 ${flow.form}`, `There is no form ${flow.form}`],
    ...(flow.evaluation ? [flow.evaluation] : []).map((form) =>
      unknown(!compiled.forms[form], 'evaluation', '表单', 'form', form),
    ),
    [
      !shared.numberRules.includes(flow.case.numberRule),
      'case/numberRule',
      `没有编号规则 ${flow.case.numberRule}`,
      `There is no number rule ${flow.case.numberRule}`,
    ],
    ...flow.start.roles.map((role) => unknown(!roles.has(role), 'start/roles', '岗位', 'role', role)),
    ...(flow.terminate?.groups ?? []).map((role) =>
      unknown(!roles.has(role), 'terminate/groups', '岗位', 'role', role),
    ),
    ...(flow.withdraw?.until ?? []).map((step) =>
      unknown(!compiled.steps[step], 'withdraw/until', '环节', 'step', step),
    ),
    ...triggersOf(flow).map(([place, trigger]) =>
      unknown(!isKnown(compiled, trigger), place, '时点', 'moment', trigger),
    ),
    ...(flow.contact ? [flow.contact] : []).map((field) =>
      unknown(!isPhone(compiled, field), 'contact', '电话字段', 'phone field', `${flow.form}.${field}`),
    ),
    ...titleFields(flow).map((field) =>
      unknown(!isTitleField(compiled, field), 'case/title', '字段', 'field', `${flow.form}.${field}`),
    ),
    ...twice(flow.clocks.map((clock) => clock.id)).map((id) => repeated('clocks', id)),
    ...twice(flow.materials.map((item) => item.id)).map((id) => repeated('materials', id)),
  ];
  return missing.filter(([wrong]) => wrong).map(([, element, zh, en]) => ({ file: 'flow.json', element, zh, en }));
}

function unknown(wrong: boolean, place: string, zh: string, en: string, id: string): [boolean, string, string, string] {
  return [wrong, place, `没有${zh} ${id}`, `There is no ${en} ${id}`];
}

const repeated = (place: string, id: string): [boolean, string, string, string] => [
  true,
  `${place}/${id}`,
  `${id} 写了两次`,
  `${id} stands twice`,
];

const twice = (ids: string[]): string[] => ids.filter((id, i) => ids.indexOf(id) !== i);

const titleFields = ({ case: { title } }: FlowJson): string[] =>
  [...title.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name!);

function isTitleField({ forms, flow }: Subject['compiled'], field: string): boolean {
  const form = forms[flow.form];
  return field === 'applicant' || !form || findField(form, field) !== undefined;
}

function isPhone({ forms, flow }: Subject['compiled'], field: string): boolean {
  const form = forms[flow.form];
  return !form || findField(form, field)?.type === 'phone';
}

function triggersOf(flow: FlowJson): [string, Trigger][] {
  const clocks = flow.clocks.flatMap((clock): [string, Trigger][] => [
    ...clock.from.map((trigger): [string, Trigger] => [`clocks/${clock.id}/from`, trigger]),
    ...clock.until.map((trigger): [string, Trigger] => [`clocks/${clock.id}/until`, trigger]),
    ...(clock.deemed
      ? [[`clocks/${clock.id}/deemed`, `outcome:${clock.deemed.outcome}`] satisfies [string, Trigger]]
      : []),
  ]);
  return flow.accepted ? [...clocks, ['accepted', flow.accepted]] : clocks;
}

function isKnown({ graph, steps, documents, forms }: Subject['compiled'], trigger: Trigger): boolean {
  const [kind, what = ''] = trigger.split(':');
  const [id = '', rest = ''] = what.split(/[=.]/);
  switch (kind) {
    case 'entered':
    case 'left':
      return graph.nodes.some((node) => node.id === what);
    case 'boundary':
      return graph.nodes.some((node) => node.id === what && node.type === 'boundaryEvent');
    case 'outcome':
      return steps[id]?.outcomes.some((outcome) => outcome.id === rest) ?? false;
    case 'served':
      return what in documents;
    case 'field':
      return forms[id] !== undefined && findField(forms[id], rest) !== undefined;
    default:
      return trigger === 'ended';
  }
}

function ofStep({ compiled }: Subject, step: Step): Reported[] {
  const clocks = new Set(compiled.flow.clocks.map((clock) => clock.id));
  const report = (zh: string, en: string): Reported => ({ element: step.id, zh, en });
  return [
    ...step.clock
      .filter(({ clock }) => !clocks.has(clock))
      .map(({ clock }) => report(`flow.json 没有时限 ${clock}`, `flow.json has no clock ${clock}`)),
    ...[step.form, step.edits?.form]
      .filter((form) => form !== undefined && !compiled.forms[form])
      .map((form) => report(`没有表单 ${form}`, `There is no form ${form}`)),
    ...[...(step.sets ?? []), ...(step.quorum?.people ? [step.quorum.people] : [])]
      .filter(({ form, field }) => !compiled.forms[form] || !findField(compiled.forms[form], field))
      .map(({ form, field }) => report(`没有字段 ${form}.${field}`, `There is no field ${form}.${field}`)),
    ...step.notSameAs
      .filter((id) => compiled.steps[id]?.type !== 'user')
      .map((id) => report(`not-same-as 的环节 ${id} 不存在`, `not-same-as names no step: ${id}`)),
  ];
}
