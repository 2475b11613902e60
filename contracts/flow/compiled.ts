/** A flow package as a release keeps it: read by everything, changed by nobody. */
import type { FormSchema } from '../forms/index.ts';
import type { DocumentDecl } from './documents-json.ts';
import type { EnglishJson } from './english.ts';
import type { FlowJson } from './flow-json.ts';
import type { MessageDecl } from './messages-json.ts';
import type { Step } from './step.ts';

export interface GraphNode {
  id: string;
  /** As BPMN names it: `userTask`, `serviceTask`, `exclusiveGateway`, `boundaryEvent`, `endEvent` … */
  type: string;
  name: string;
  /** Id of the sub-process around it, or of the process. */
  parent: string;
  /** Multi-instance sub-processes: the variable with the list, and the one that each thread has of its own. */
  thread?: { list: string; element: string };
  /** Boundary events: the step they are attached to. */
  attachedTo?: string;
  /** Boundary events that leave the step open. */
  beside?: true;
  /** End events that end more than their own token. */
  end?: 'terminate' | 'error';
}

export interface GraphFlow {
  id: string;
  from: string;
  to: string;
  name?: string;
  /** Such as `acceptance_outcome == 'accept'`, without `${}`. */
  condition?: string;
  default?: boolean;
}

export interface Graph {
  nodes: GraphNode[];
  flows: GraphFlow[];
}

/** How a case ends: what an end event says. */
export interface Result {
  result: string;
  zh: string;
}

export interface CompiledFlow {
  flow: FlowJson;
  steps: Record<string, Step>;
  forms: Record<string, FormSchema>;
  documents: Record<string, DocumentDecl>;
  /** Texts that steps send, by the id that they name. */
  messages: Record<string, MessageDecl>;
  /** Path below `templates/` → SHA-256 in the file store. */
  templates: Record<string, string>;
  /** File of a material, sample or empty form → SHA-256 in the file store. */
  samples: Record<string, string>;
  /** Decision table → key of its decision in the engine. */
  tables: Record<string, string>;
  /** Every outcome and every variable that the model reads: null at the start. */
  variables: string[];
  /** End event → result. */
  results: Record<string, Result>;
  /** Chinese text of the flow → English, for every one that has it; absent in older releases. */
  english?: EnglishJson;
  graph: Graph;
  /** The packed model, as the engine has it. */
  xml: string;
}

export interface Release {
  id: string;
  flow: string;
  version: number;
  definitionId: string;
  deploymentId: string;
  package: CompiledFlow;
}
