/** For tests: a generated flow written as a package. */
import { end, outcome, path, start, user, type TestFlow } from '../../tasks/testing.ts';
import { besideOf, CONCLUDED, EXITS, leads, WHOLE, type FlowPart, type FlowStep, type GeneratedFlow } from './parts.ts';

const ERROR = 'failed';
const go = outcome('go', { kind: 'primary' });
const outcomesOf = (quorum: boolean) => [go, outcome('other', quorum ? { otherwise: true } : {})];
const either = (id: string) => [`outcome:${id}=go`, `outcome:${id}=other`];

/** `lastLimit`: of the last step. */
export function written(
  { parts, steps, concludes }: Pick<GeneratedFlow, 'parts' | 'steps' | 'concludes'>,
  lastLimit: string,
): TestFlow {
  const [first, last] = [steps[0]!.id, steps.at(-1)!.id];
  const once = steps.filter(({ thread }) => (thread ?? 0) === 0);
  const late = concludes.timer === 'ends' ? [`boundary:${concludes.id}Late`] : [];
  const clock = (decl: { id: string; limit: string }, from: string[], until: string[], more = {}) => ({
    ...{ ...decl, ...more, from, until },
    ...{ title: { zh: decl.id, en: decl.id }, basis: '《行政许可法》' },
  });
  const given = { title: { zh: '退出', en: 'Leave' } };
  return {
    flow: {
      ...{ form: 'report', start: { roles: ['cma.acceptance'] } },
      withdraw: { ...given, until: once.map(({ id }) => id), exit: EXITS.withdraw },
      terminate: { ...given, groups: ['cma.acceptance'], exit: EXITS.terminate },
      clocks: [
        clock(WHOLE, either(first), either(last)),
        clock(CONCLUDED, [...either(concludes.id), ...late], [...either(last), `entered:${concludes.id}`], {
          again: true,
        }),
      ],
    },
    forms: {
      report: [
        { type: 'textfield', key: 'name', label: '名称' },
        { type: 'organisation', key: 'districts', label: '区县', many: true },
      ],
    },
    ...(parts.some(({ within }) => within === 'block') && {
      roots: `<bpmn:error id="${ERROR}Error" name="${ERROR}" errorCode="${ERROR}" />`,
    }),
    model: [start, ...mainFlow(), ...Object.entries(EXITS).map(exit)].join(''),
  };

  function mainFlow(): string[] {
    const ways: string[] = [];
    let before = 'start';
    parts.forEach((part, at) => {
      if (parts[at - 1]?.within === 'block') return;
      const { text, entry, exit } = within(part, at);
      ways.push(text, path(`${before} ${entry}`));
      before = exit;
    });
    return [...ways, end('done'), path(`${before} done`)];
  }

  /** A part with what is around it. */
  function within(part: FlowPart, at: number): { text: string; entry: string; exit: string } {
    const inner = branches(part, at);
    if (part.within === 'flow' && part.is !== 'threads') return inner;
    const [sub, begin, done] = [`sub${at}`, `begin${at}`, `finished${at}`];
    const loop =
      part.is === 'threads'
        ? `<bpmn:multiInstanceLoopCharacteristics camunda:collection="\${list(districts)}" camunda:elementVariable="district" />`
        : '';
    const block = part.within === 'block';
    const decider = part.rows[0]!.at(-1)!.id;
    const text = [
      `<bpmn:subProcess id="${sub}" name="${sub}">${loop}<bpmn:startEvent id="${begin}" name="${begin}" />`,
      inner.text,
      path(`${begin} ${inner.entry}`),
      `<bpmn:endEvent id="${done}" name="${done}" />`,
      block ? endedByError(at, inner.exit, done, decider) : path(`${inner.exit} ${done}`),
      '</bpmn:subProcess>',
    ].join('');
    if (!block) return { text, entry: sub, exit: sub };
    const [caught, merge, handler] = [`caught${at}`, `merge${at}`, parts[at + 1]!.rows[0]![0]!];
    const handling = [
      `<bpmn:boundaryEvent id="${caught}" name="${caught}" attachedToRef="${sub}"><bpmn:errorEventDefinition id="${caught}Error" errorRef="${ERROR}Error" /></bpmn:boundaryEvent>`,
      element(handler),
      gateway('exclusive', merge),
      path(`${sub} ${merge}`) + path(`${caught} ${handler.id} ${merge}`),
    ];
    return { text: text + handling.join(''), entry: sub, exit: merge };
  }

  function endedByError(at: number, before: string, done: string, decider: string): string {
    const [split, failed] = [`split${at}`, `failed${at}`];
    return [
      gateway('exclusive', split, `${split}-${done}`) + path(`${before} ${split} ${done}`),
      `<bpmn:endEvent id="${failed}" name="${failed}"><bpmn:errorEventDefinition id="${failed}Error" errorRef="${ERROR}Error" /></bpmn:endEvent>`,
      way(split, failed, `${decider}_outcome == 'other'`),
    ].join('');
  }

  function branches({ is, rows, decider }: FlowPart, at: number): { text: string; entry: string; exit: string } {
    const once = is === 'threads' ? rows.slice(0, 1) : rows;
    const made = once.map((row) => row.map(step));
    const texts = made.flatMap((row) => [
      ...row.map(({ text }) => text),
      ...row.slice(1).map(({ entry }, i) => path(`${row[i]!.exit} ${entry}`)),
    ]);
    const ends = made.map((row) => ({ entry: row[0]!.entry, exit: row.at(-1)!.exit }));
    if (ends.length === 1) return { text: texts.join(''), ...ends[0]! };
    const [fork, join] = [`fork${at}`, `join${at}`];
    const kind = decider ? 'inclusive' : 'parallel';
    const all = `${decider?.id}_outcome == 'go'`;
    const conditions = [all, `${all} or ${decider?.id}_outcome == 'other'`];
    const text = [
      ...texts,
      gateway(kind, fork, decider && `${fork}-${join}`) + gateway(kind, join),
      ...ends.map(({ entry }, i) => (decider ? way(fork, entry, conditions[i]!) : path(`${fork} ${entry}`))),
      ...ends.map(({ exit }) => path(`${exit} ${join}`)),
      decider ? path(`${fork} ${join}`) : '',
    ];
    return { text: text.join(''), entry: fork, exit: join };
  }

  function step(of: FlowStep): { text: string; entry: string; exit: string } {
    const { id, timer } = of;
    const past = `${id}Past`;
    const task = element(of);
    if (timer === 'none') return { text: task, entry: id, exit: id };
    const boundary = `<bpmn:boundaryEvent id="${id}Late" name="late" attachedToRef="${id}"${timer === 'beside' ? ' cancelActivity="false"' : ''}><bpmn:timerEventDefinition id="${id}Timer" /></bpmn:boundaryEvent>`;
    if (timer === 'ends') {
      const merge = gateway('exclusive', past) + path(`${id} ${past}`) + path(`${id}Late ${past}`);
      return { text: task + boundary + merge, entry: id, exit: past };
    }
    const [beside] = besideOf(of);
    const ended = `<bpmn:endEvent id="${past}" name="done">${resultOf('done')}</bpmn:endEvent>`;
    const ways = path(`${id}Late ${beside!.id} ${past}`);
    return { text: task + boundary + element(beside!) + ended + ways, entry: id, exit: id };
  }

  function element({ id, at, thread, limit, quorum, stops, beside }: FlowStep): string {
    const returnTo = beside
      ? []
      : once.filter((other) => !other.beside && leads(other.at, at)).map((other) => other.id);
    const groups = ['cma.acceptance', ...(quorum ? ['cma.examine'] : [])];
    return user(id, groups.map((group) => group + (thread === null ? '' : '@thread')).join(), outcomesOf(quorum), {
      actions: returnTo.length > 0 ? 'return, take-back' : 'take-back',
      ...(returnTo.length > 0 && { returnTo: returnTo.join(',') }),
      ...(id === last ? { limit: lastLimit } : limit > 0 && { limit: `P${limit}WD` }),
      ...(quorum && { quorum: 'all' }),
      ...(stops && { clock: `${WHOLE.id}=stop:technical-review` }),
      ...(id === first && { edits: 'report', sets: 'districts=report.districts' }),
    });
  }

  function exit([kind, id]: [string, string]): string {
    return user(id, 'cma.acceptance', [go], { exit: kind }) + end(kind) + path(`${id} ${kind}`);
  }
}

const gateway = (kind: string, id: string, otherwise?: string) =>
  `<bpmn:${kind}Gateway id="${id}" name="${id}"${otherwise ? ` default="${otherwise}"` : ''} />`;

function way(from: string, to: string, condition: string): string {
  return `<bpmn:sequenceFlow id="${from}-${to}" name="${to}" sourceRef="${from}" targetRef="${to}"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">\${${condition}}</bpmn:conditionExpression></bpmn:sequenceFlow>`;
}

function resultOf(id: string): string {
  return `<bpmn:extensionElements><camunda:properties><camunda:property name="result" value="${id}" /></camunda:properties></bpmn:extensionElements>`;
}
