import { FormData } from 'undici';
import { EngineError, type Definition, type EnginePort } from '../port/index.ts';
import type { Rest } from './rest.ts';
import { fromTyped, toTyped, type TypedValue } from './variables.ts';

interface DefinitionAnswer extends Definition {
  deploymentId: string;
}

interface DeploymentAnswer {
  id: string;
  deployedProcessDefinitions: Record<string, DefinitionAnswer> | null;
  deployedDecisionDefinitions: Record<string, DefinitionAnswer> | null;
}

/** Deployments are told apart by name and source. */
const SOURCE = 'zhunyu';

export function deployments(rest: Rest): Pick<EnginePort, 'deploy' | 'migrate' | 'evaluate'> {
  return {
    async deploy({ name, files }) {
      const form = new FormData();
      form.set('deployment-name', name);
      form.set('deployment-source', SOURCE);
      form.set('enable-duplicate-filtering', 'true');
      for (const file of files) form.set(file.name, new Blob([new Uint8Array(file.bytes)]), file.name);
      const answer = await rest.post<DeploymentAnswer>('/deployment/create', form);
      const unchanged = !answer.deployedProcessDefinitions && !answer.deployedDecisionDefinitions;
      const found = unchanged ? await definitionsOf(answer.id) : Object.values(answer.deployedProcessDefinitions ?? {});
      const definitions = found.map(({ id, key, version }) => ({ id, key, version }));
      return { deploymentId: answer.id, definitions, unchanged };
    },

    async migrate({ instanceId, fromDefinition, toDefinition, mapping = {}, variables = {} }) {
      const plan = await rest.post<{ instructions: { sourceActivityIds: string[] }[] }>('/migration/generate', {
        sourceProcessDefinitionId: fromDefinition,
        targetProcessDefinitionId: toDefinition,
      });
      const generated = plan.instructions.filter((each) => !each.sourceActivityIds.some((id) => id in mapping));
      const given = Object.entries(mapping).map(([source, target]) => ({
        sourceActivityIds: [source],
        targetActivityIds: [target],
      }));
      await rest.post('/migration/execute', {
        migrationPlan: { ...plan, instructions: [...generated, ...given], variables: toTyped(variables) },
        processInstanceIds: [instanceId],
      });
    },

    async evaluate({ key, deploymentId, variables }) {
      const decision = deploymentId ? await decisionOf(key, deploymentId) : `key/${encodeURIComponent(key)}`;
      const rows = await rest.post<Record<string, TypedValue>[]>(`/decision-definition/${decision}/evaluate`, {
        variables: toTyped(variables),
      });
      return rows.map(fromTyped);
    },
  };

  async function definitionsOf(deploymentId: string): Promise<DefinitionAnswer[]> {
    const found = await rest.get<DefinitionAnswer[]>('/process-definition', { deploymentId });
    if (found.length > 0) return found;
    const decisions = await rest.get<{ count: number }>('/decision-definition/count', { deploymentId });
    if (decisions.count === 0) throw new EngineError('invalid', 'nothing-defined', `${deploymentId} defines nothing`);
    return [];
  }

  async function decisionOf(key: string, deploymentId: string): Promise<string> {
    const [found] = await rest.get<DefinitionAnswer[]>('/decision-definition', { key, deploymentId });
    if (!found) throw new EngineError('invalid', 'no-such-table', `no decision ${key} in deployment ${deploymentId}`);
    return found.id;
  }
}
