/** A running case put on the newest release of its flow: shown before, executed as a move (architecture 5.11). */
import type { z } from 'zod';
import type { Migration, MigrationBody, OutdatedCasePage } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import type { Audit } from '../audit/index.ts';
import type { Core, Who } from '../core/index.ts';
import { invalidInput, notFound } from '../core/index.ts';
import type { CaseRow, Commands } from '../engine/index.ts';
import { treeChanged, type Moves, type PlannedMigration } from '../moves/index.ts';
import { notNow } from '../tasks/index.ts';

export interface MigrationDeps {
  commands: Pick<Commands, 'send'>;
  moves: Moves;
  audit: Pick<Audit, 'write'>;
  release(id: string): Promise<Release>;
  current(flow: string): Promise<Release>;
  /** The newest release of each flow. */
  newest(): Promise<Release[]>;
}

export interface Migrations {
  /** Running cases on older releases, in the reader's territory, oldest first. */
  outdated(who: Who, after?: string): Promise<z.infer<typeof OutdatedCasePage>>;
  preview(who: Who, caseId: string): Promise<Migration>;
  /** @throws tree-changed with the new preview where `plan` isn't that of now; not-now where the case can't be migrated */
  take(who: Who, caseId: string, body: MigrationBody): Promise<{ state: 'done' | 'queued' }>;
}

/** Who may put cases on another release, in the territory of the office where the role is held. */
export const MIGRATES = ['operator', 'analyst'];

const PAGE = 50;

interface Found {
  row: CaseRow;
  from: Release;
  to: Release;
  planned: PlannedMigration;
}

export function createMigrations(core: Core, deps: MigrationDeps): Migrations {
  const { db } = core;

  return {
    async outdated(who, after) {
      const newest = await deps.newest();
      const territories = territoriesOf(who);
      const [at, id] = after?.split('~') ?? [];
      if (after && (!id || Number.isNaN(Date.parse(at!))))
        throw invalidInput({
          fields: [{ path: 'after', zh: '翻页位置不对，从头再看', en: 'Not a place in this list; start again' }],
        });
      const found: (CaseRow & { version: number })[] = await db('case as c')
        .join('release as r', 'r.id', 'c.release_id')
        .where('c.state', 'running')
        .whereIn(
          'c.flow',
          newest.map(({ flow }) => flow),
        )
        .whereNotIn(
          'c.release_id',
          newest.map((release) => release.id),
        )
        .where((q) => territories.forEach((office) => void q.orWhereLike('c.office', `${office}%`)))
        .modify((q) => {
          if (after) void q.whereRaw('(c.received_at, c.id) > (?::timestamptz, ?::uuid)', [at!, id!]);
        })
        .orderBy(['c.received_at', 'c.id'])
        .limit(PAGE + 1)
        .select('c.*', 'r.version');
      const rows = found.slice(0, PAGE);
      const last = found.length > PAGE ? rows.at(-1)! : null;
      return {
        rows: rows.map((row) => {
          const to = newest.find(({ flow }) => flow === row.flow)!;
          return {
            id: row.id,
            number: row.number,
            title: row.title,
            subjectName: row.subject_name,
            flow: row.flow,
            flowTitle: to.package.flow.title.zh,
            stage: row.stage,
            receivedAt: row.received_at.toISOString(),
            from: row.version,
            to: to.version,
          };
        }),
        next: last && `${last.received_at.toISOString()}~${last.id}`,
      };
    },

    preview: async (who, caseId) => viewOf(await find(who, caseId)),

    async take(who, caseId, { plan, reason }) {
      if (!reason.trim()) throw invalidInput({ fields: [{ path: 'reason', zh: '写明原因', en: 'Give the reason' }] });
      const found = await find(who, caseId);
      const { planned, from, to } = found;
      if (planned.refused.length > 0) throw notNow(planned.refused[0]!);
      if (plan !== undefined && plan !== planned.plan.tree) throw treeChanged({ facts: { plan: viewOf(found) } });
      const { moveId, commandId } = await db.transaction(async (trx) => {
        const row: CaseRow = await trx('case').where({ id: caseId }).forUpdate().first();
        await deps.audit.write(trx, {
          caseId,
          personId: who.personId,
          action: 'case.migrate',
          detail: { reason, from: `${from.version}`, to: `${to.version}` },
        });
        return deps.moves.request(trx, row, { plan: planned.plan, actor: who.personId, reason, at: core.time.now() });
      });
      await deps.commands.send(commandId);
      return deps.moves.became(moveId);
    },
  };

  async function find(who: Who, caseId: string): Promise<Found> {
    const row: CaseRow | undefined = await db('case').where({ id: caseId }).first();
    const theirs = territoriesOf(who).some((office) => row?.office.startsWith(office));
    if (!row || !theirs) throw notFound();
    const from = await deps.release(row.release_id);
    const to = await deps.current(from.flow);
    if (to.id === from.id) throw notNow({ zh: '已是最新版本', en: 'The case is on the newest release' });
    return { row, from, to, planned: await deps.moves.planMigration(row, to) };
  }

  function viewOf({ from, to, planned: { plan, changes, refused } }: Found): Migration {
    return {
      from: from.version,
      to: to.version,
      plan: plan.tree!,
      plannedAt: core.time.now().toISOString(),
      changes,
      refused,
    };
  }
}

const territoriesOf = ({ grants }: Who): string[] =>
  grants.filter(({ role }) => MIGRATES.includes(role)).map(({ office }) => office);
