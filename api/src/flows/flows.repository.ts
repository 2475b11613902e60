import type { Knex } from 'knex';
import type { CompiledFlow, Release } from '../../../contracts/flow.ts';

interface ReleaseRow {
  id: string;
  flow: string;
  version: number;
  definition_id: string;
  deployment_id: string;
  hash: string;
  package: CompiledFlow;
}

export interface NewRelease extends Omit<Release, 'id' | 'version'> {
  hash: string;
  at: Date;
  by: string | null;
}

export function createFlowsRepository(db: Knex) {
  const newest = () => db<ReleaseRow>('release').orderBy('version', 'desc');
  return {
    async byId(id: string): Promise<Release | undefined> {
      const row = await db<ReleaseRow>('release').where({ id }).first();
      return row && releaseOf(row);
    },
    /** Id and hash of the newest release of a flow. */
    newest: (flow: string): Promise<Pick<ReleaseRow, 'id' | 'hash' | 'version'> | undefined> =>
      newest().where({ flow }).first('id', 'hash', 'version'),
    /** Ids of the newest release of each flow, by flow. */
    async newestIds(): Promise<string[]> {
      const rows = await db<ReleaseRow>('release')
        .distinctOn('flow')
        .orderBy([{ column: 'flow' }, { column: 'version', order: 'desc' }])
        .select('id', 'flow', 'version');
      return rows.map((row) => row.id);
    },
    async add(made: NewRelease): Promise<Release> {
      const before = await newest().where({ flow: made.flow }).first('version');
      const [row] = await db<ReleaseRow>('release')
        .insert({
          flow: made.flow,
          version: (before?.version ?? 0) + 1,
          definition_id: made.definitionId,
          deployment_id: made.deploymentId,
          hash: made.hash,
          package: db.raw('?::jsonb', [JSON.stringify(made.package)]),
          released_at: made.at,
          released_by: made.by,
        } as object)
        .returning('*');
      return releaseOf(row as ReleaseRow);
    },
  };
}

export type FlowsRepository = ReturnType<typeof createFlowsRepository>;

function releaseOf(row: ReleaseRow): Release {
  const { id, flow, version, definition_id: definitionId, deployment_id: deploymentId } = row;
  return { id, flow, version, definitionId, deploymentId, package: row.package };
}
