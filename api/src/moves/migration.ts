/**
 * Plans the migration of a running case to another release of its flow; pure. What lives must have the same place there,
 * and be a state that the other model could have come to by itself: else a changed fork or join would strand the case
 * (ENGINE.md 9), and the engine has no dry run.
 */
import type { CompiledFlow, Release, Step } from '../../../contracts/flow.ts';
import type { ActivityNode } from '../../../engine-adapters/port/index.ts';
import { isBody, leavesOf, modelOf, nodeOf, tokensOf, type Model, type Token } from './live.ts';
import { bare, inOrder, keptBut, type MovePlan } from './plan.ts';
import { MoveRefused } from './refused.ts';
import { belongs, fit, isJoin } from './rewind.ts';

type Said = { zh: string; en: string };

export interface PlannedMigration {
  plan: MovePlan;
  /** Open steps with what is different there, and steps that come new or go. */
  changes: { step: string; name: string; kind: 'open' | 'new' | 'gone'; what: Said[] }[];
  /** Why the case can't be migrated, each with its place; empty: it can. */
  refused: ({ step: string } & Said)[];
}

export function planMigration(from: Release, to: Release, tree: ActivityNode): PlannedMigration {
  const [old, model] = [modelOf(from.package.graph), modelOf(to.package.graph)];
  const open = inOrder(
    old,
    tokensOf(tree)
      .flatMap(leavesOf)
      .map(({ node }) => ({ node, activityId: node })),
  );
  const fresh = to.package.variables.filter((name) => !from.package.variables.includes(name));
  return {
    plan: {
      ...bare('migration', tree),
      keep: keptBut(model, tree, []),
      release: to.id,
      set: Object.fromEntries(fresh.map((name) => [name, null])),
    },
    changes: [
      ...[...new Set(open.map(({ node }) => node))].flatMap((step) => openChange(from.package, to.package, step)),
      ...comingAndGoing(from.package, to.package),
    ],
    refused: [
      ...obstacles(old, model, tree),
      ...open.flatMap(({ node }) => otherTopic(from.package, to.package, node)),
    ],
  };
}

/** Why what lives under one model can't go on under another. */
export function obstacles(old: Model, model: Model, tree: ActivityNode): PlannedMigration['refused'] {
  const moved = misplaced(old, model, tree);
  if (moved.length > 0) return moved;
  try {
    return stranded(model, tree, model.root);
  } catch (error) {
    if (!(error instanceof MoveRefused)) throw error;
    return [{ step: error.place, zh: error.zh, en: error.en }];
  }
}

/** What lives and isn't there, or is there something else. */
function misplaced(old: Model, model: Model, scope: ActivityNode): PlannedMigration['refused'] {
  return tokensOf(scope).flatMap(({ node, live }) => {
    const [was, is] = [old.node(node), model.node(node)];
    const name = old.name(node);
    if (!is) return [{ step: node, zh: `「${name}」在新版流程里没有了`, en: `“${name}” is gone in the new release` }];
    const same = was!.type === is.type && was!.parent === is.parent && !was!.thread === !is.thread;
    if (!same)
      return [
        { step: node, zh: `「${name}」在新版流程里换了位置`, en: `“${name}” has another place in the new release` },
      ];
    return live ? misplaced(old, model, live) : [];
  });
}

/** Levels whose live tokens the model could not have come to: one would wait for another that nobody has. */
function stranded(model: Model, scope: ActivityNode, level: string): PlannedMigration['refused'] {
  const tokens = inOrder(
    model,
    tokensOf(scope).map((token) => ({ ...token, activityId: token.node })),
  );
  // A body holds its threads, each a level of its own.
  const own = isBody(scope) ? [] : unfit(model, level, tokens);
  return [
    ...own,
    ...tokens.flatMap(({ live }) => (live && live.children.length > 0 ? stranded(model, live, nodeOf(live)) : [])),
  ];
}

function unfit(model: Model, level: string, tokens: Token[]): PlannedMigration['refused'] {
  const nets = model.nets(level).map((net) => ({
    net,
    tokens: tokens.filter((token) => belongs(model, net, token.node)),
  }));
  const stray = tokens.find((token) => !nets.some((net) => net.tokens.includes(token)));
  const bad = nets.find((net) => net.tokens.length > 0 && !fit(model, net.net, net.tokens));
  const at = stray ?? bad?.tokens.find((token) => isJoin(model, token.node)) ?? bad?.tokens[0];
  if (!at) return [];
  const name = model.name(at.node);
  return [
    {
      step: at.node,
      zh: `新版流程的分支或汇合变了，这件会停在「${name}」走不下去`,
      en: `Branches or joins have changed; the case would be stuck at “${name}”`,
    },
  ];
}

/** Work that waits keeps its topic in the engine, so its handler would get the inputs of another. */
function otherTopic(from: CompiledFlow, to: CompiledFlow, step: string): PlannedMigration['refused'] {
  const [was, is] = [from.steps[step]?.topic, to.steps[step]?.topic];
  if (was === is) return [];
  const name = from.steps[step]!.name.zh;
  return [
    { step, zh: `「${name}」正在自动办理，办完再迁移`, en: `“${name}” is being worked on; migrate when it is done` },
  ];
}

function openChange(from: CompiledFlow, to: CompiledFlow, step: string): PlannedMigration['changes'] {
  const [was, is] = [from.steps[step], to.steps[step]];
  if (!was || !is) return [];
  return [{ step, name: was.name.zh, kind: 'open', what: differences(from, to, was, is) }];
}

function differences(from: CompiledFlow, to: CompiledFlow, was: Step, is: Step): Said[] {
  const differs = (a: unknown, b: unknown) => JSON.stringify(a) !== JSON.stringify(b);
  const forms = (flow: CompiledFlow, step: Step) => [
    step.form,
    step.edits,
    flow.forms[step.form ?? ''],
    flow.forms[step.edits?.form ?? ''],
  ];
  const found: [boolean, Said][] = [
    [was.name.zh !== is.name.zh, { zh: `改称「${is.name.zh}」`, en: `now called “${is.name.zh}”` }],
    [
      differs(forms(from, was), forms(to, is)),
      { zh: '换用新表单，已填内容带过去', en: 'new form; what was typed is carried over' },
    ],
    [differs(was.groups, is.groups), { zh: '改由新的岗位办理', en: 'other posts decide it' }],
    [was.limit !== is.limit, { zh: `期限改为 ${is.limit ?? '不限'}`, en: `limit is now ${is.limit ?? 'none'}` }],
    [differs(was.timers, is.timers), { zh: '到期处理变了', en: 'what happens at the end of the limit has changed' }],
    [differs(was.outcomes, is.outcomes), { zh: '办理结果的选项变了', en: 'other outcomes to choose from' }],
  ];
  return found.filter(([changed]) => changed).map(([, said]) => said);
}

function comingAndGoing(from: CompiledFlow, to: CompiledFlow): PlannedMigration['changes'] {
  const only = (a: CompiledFlow, b: CompiledFlow, kind: 'new' | 'gone') =>
    Object.values(a.steps)
      .filter(({ id }) => !b.steps[id])
      .map(({ id, name }) => ({ step: id, name: name.zh, kind, what: [] }));
  return [...only(to, from, 'new'), ...only(from, to, 'gone')];
}
