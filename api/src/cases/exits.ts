/** Withdrawal by the applicant and termination by an officer: exits of the model, taken by a planned move. */
import type { Knex } from 'knex';
import type { Offer } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import type { Audit } from '../audit/index.ts';
import type { Core, Who } from '../core/index.ts';
import { invalidInput, notAllowed, notFound } from '../core/index.ts';
import type { CaseRow, Commands } from '../engine/index.ts';
import { isMoving, namesCancelled, treeChanged, type MovePlan, type Moves } from '../moves/index.ts';
import { notNow, turnsOf, type Turn } from '../tasks/index.ts';
import { toldFrom } from './told.ts';

export interface ExitDeps {
  commands: Commands;
  moves: Moves;
  audit: Audit;
  /** For their names. */
  roles: { id: string; zh: string; en: string }[];
  release(id: string): Promise<Release>;
  mayRead(who: Who, row: CaseRow): Promise<boolean>;
}

export type ExitKind = 'withdraw' | 'terminate';

export interface Exits {
  offers(who: Who, row: CaseRow, release: Release): Promise<Offer[]>;
  preview(who: Who, caseId: string, kind: ExitKind): Promise<{ plan: MovePlan; offer: Offer }>;
  /** `tree` is the plan's that was shown; without it the plan is made and executed at once. */
  take(who: Who, caseId: string, kind: ExitKind, reason: string, tree?: string): Promise<{ state: 'done' | 'queued' }>;
}

export function createExits(core: Core, deps: ExitDeps): Exits {
  const { db } = core;

  async function offer(who: Who, row: CaseRow, release: Release, kind: ExitKind): Promise<Offer | null> {
    const exit = kind === 'withdraw' ? release.package.flow.withdraw : release.package.flow.terminate;
    if (!exit) return null;
    const entitled =
      kind === 'withdraw' ? isApplicant(who, row) : officerTurn(who, row, release.package.flow.terminate!.groups);
    if (!entitled) return null;
    const reason =
      row.state === 'running'
        ? await whyNot(row, release, kind)
        : {
            zh: row.state === 'closed' ? '已办结' : '正在立件',
            en: row.state === 'closed' ? 'The case is closed' : 'The case is being started',
          };
    const effect = toldFrom(release.package, exit.exit, deps.roles);
    return {
      action: kind,
      title: exit.title,
      enabled: !reason,
      ...(reason && { reason }),
      needs: ['reason', 'confirm'],
      ...(effect && { effect }),
    };
  }

  async function whyNot(
    row: CaseRow,
    release: Release,
    kind: ExitKind,
  ): Promise<{ zh: string; en: string } | undefined> {
    if (isMoving(row)) return { zh: '这件正在变动流程', en: 'The case is being moved' };
    if (kind === 'terminate') return undefined;
    const until = release.package.flow.withdraw!.until;
    const live: { step: string }[] = await db('task').where({ case_id: row.id }).whereNull('ended_at').select('step');
    if (live.length > 0 && live.every(({ step }) => until.includes(step))) return undefined;
    const names = live.map(({ step }) => release.package.steps[step]?.name.zh ?? step).join('、');
    return names
      ? {
          zh: `已到「${names}」，受理后不能撤回`,
          en: `The case has reached “${names}”; it can be withdrawn only before acceptance`,
        }
      : { zh: '正在自动办理，稍候再看', en: 'Being handled automatically; look again shortly' };
  }

  async function load(
    who: Who,
    caseId: string,
    kind: ExitKind,
  ): Promise<{ row: CaseRow; release: Release; offer: Offer }> {
    const row: CaseRow | undefined = await db('case').where({ id: caseId }).first();
    if (!row || !(await deps.mayRead(who, row))) throw notFound();
    const release = await deps.release(row.release_id);
    const found = await offer(who, row, release, kind);
    if (!found) throw notAllowed();
    return { row, release, offer: found };
  }

  const exitStep = (release: Release, kind: ExitKind) =>
    kind === 'withdraw' ? release.package.flow.withdraw!.exit : release.package.flow.terminate!.exit;

  return {
    async offers(who, row, release) {
      const offers = await Promise.all([offer(who, row, release, 'withdraw'), offer(who, row, release, 'terminate')]);
      return offers.filter((o) => o !== null);
    },

    async preview(who, caseId, kind) {
      const { row, release, offer: found } = await load(who, caseId, kind);
      if (!found.enabled) throw notNow(found.reason);
      return { plan: await deps.moves.plan(row, release, { kind: 'exit', to: exitStep(release, kind) }), offer: found };
    },

    async take(who, caseId, kind, reason, tree) {
      if (!reason.trim()) throw invalidInput({ fields: [{ path: 'reason', zh: '写明原因', en: 'Give the reason' }] });
      const { row, release, offer: found } = await load(who, caseId, kind);
      if (!found.enabled) throw notNow(found.reason);
      const plan = await deps.moves.plan(row, release, { kind: 'exit', to: exitStep(release, kind) });
      if (tree !== undefined && tree !== plan.tree) throw treeChanged({ facts: { plan } });
      const turn = kind === 'terminate' ? officerTurn(who, row, release.package.flow.terminate!.groups) : undefined;
      const { moveId, commandId } = await db.transaction((trx) =>
        write(trx, { who, turn }, row.id, kind, reason, plan),
      );
      await deps.commands.send(commandId);
      return deps.moves.became(moveId);
    },
  };

  async function write(
    trx: Knex.Transaction,
    { who, turn }: { who: Who; turn: Turn | undefined },
    caseId: string,
    kind: ExitKind,
    reason: string,
    plan: MovePlan,
  ): Promise<{ moveId: string; commandId: string }> {
    const row: CaseRow = await trx('case').where({ id: caseId }).forUpdate().first();
    const asked = await deps.moves.request(trx, row, {
      plan,
      actor: who.personId,
      reason,
      at: core.time.now(),
    });
    await deps.audit.write(trx, {
      caseId,
      personId: who.personId,
      onBehalfOf: turn?.for?.id,
      action: `case.${kind}`,
      detail: { reason, cancelled: namesCancelled(plan), started: plan.start.map((s) => s.name) },
    });
    return asked;
  }
}

export function isApplicant(who: Who, row: CaseRow): boolean {
  return row.starter === who.personId || who.institutions.some((i) => i.id === row.institution_id);
}

/** In whose name a person acts as one of these roles: held at the case's office, or above it with the right to act below. */
export function officerTurn(who: Who, row: CaseRow, groups: string[]): Turn | undefined {
  const roles = groups.map((g) => g.split('@')[0]);
  return turnsOf(who, row).find(({ as }) =>
    as.grants.some(
      (g) =>
        roles.includes(g.role) &&
        (g.office === row.office || (g.reach === 'tree' && g.mayTake && row.office.startsWith(g.office))),
    ),
  );
}
