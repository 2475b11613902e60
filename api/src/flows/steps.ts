/** Makes a step from its element in the packed model. Throws where a property cannot be read; `checkSteps` finds that first. */
import { z } from 'zod';
import { ClockUse, Outcome, Setting, Step, StepProperties, type Quorum } from '../../../contracts/flow.ts';
import { propertiesOf, type Item } from './moddle.ts';

const TYPES: Record<string, Step['type']> = {
  'bpmn:UserTask': 'user',
  'bpmn:ServiceTask': 'work',
  'bpmn:ReceiveTask': 'receive',
};

export const isStep = (element: Item): boolean => element.$type in TYPES;

/** `timers` are the boundary timers attached to the element. */
export function stepOf(element: Item, timers: Item[]): Step {
  const written = propertiesOf(element);
  const known = StepProperties.parse(written);
  const [form, places] = known.edits?.split(':') ?? [];
  return Step.parse({
    id: element.id,
    name: { zh: element.name },
    type: TYPES[element.$type],
    topic: element.topic,
    groups: listOf(element.candidateGroups),
    form: element.formRef,
    edits: form && { form, open: places ?? 'all' },
    outcomes: outcomesOf(known.outcomes),
    actions: listOf(known.actions),
    returnTo: known.returnTo ? listOf(known.returnTo) : undefined,
    clock: clockUses(known.clock),
    limit: known.limit,
    stage: known.stage,
    exit: known.exit,
    onDemand: known['on-demand'],
    onDemandBy: known['on-demand-by'] ? listOf(known['on-demand-by']) : undefined,
    notSameAs: listOf(known['not-same-as']),
    instruction: known.instruction,
    sets: settings(known.sets),
    quorum: quorumOf(known),
    timers: timers.map((timer) => ({ boundary: timer.id, clock: propertiesOf(timer).clock ?? 'step' })),
    input: Object.fromEntries(Object.entries(written).filter(([name]) => !(name in StepProperties.shape))),
  });
}

/** `districts=recall-report.districts; level=report.level`. Throws a ZodError. */
function settings(text: string | undefined): Setting[] | undefined {
  return text === undefined
    ? undefined
    : listOf(text, ';').map((one) => {
        const [variable, from = ''] = one.split('=');
        const [form, field] = from.split('.');
        return Setting.parse({ variable: variable?.trim(), form: form?.trim(), field: field?.trim() });
      });
}

/** `one` is how a step works anyway; absent, or several answerers asked with `one`, the first answer counts. */
function quorumOf({ quorum = 'one', answerers = 'groups' }: StepProperties): Quorum | undefined {
  const [form, field] = answerers.startsWith('people:') ? answerers.slice('people:'.length).split('.') : [];
  const people = form && field ? { people: { form, field } } : {};
  if (quorum === 'one') return form ? { rule: 'any', ...people } : undefined;
  const share = /^share\((.+)\)$/.exec(quorum)?.[1];
  if (share !== undefined) return { rule: 'share', share: Number(share), ...people };
  return { rule: quorum as 'any' | 'all', ...people };
}

/** Throws a SyntaxError (not JSON) or a ZodError. */
export function outcomesOf(text: string | undefined): Outcome[] {
  return text ? z.array(Outcome).parse(JSON.parse(text)) : [];
}

/** `decision=stop:technical-review; review=run`. Throws a ZodError. */
export function clockUses(text: string | undefined): ClockUse[] {
  return listOf(text, ';').map((use) => {
    const [clock, what = ''] = use.split('=');
    const [op, reason] = what.split(':');
    return ClockUse.parse({ clock: clock?.trim(), op: op?.trim(), reason: reason?.trim() });
  });
}

export function listOf(text: string | undefined, separator = ','): string[] {
  return (text ?? '')
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
