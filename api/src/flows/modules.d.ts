/** The parts of libraries without types (or with types of another shape) that this area uses. */
declare module 'bpmn-moddle' {
  export class BpmnModdle {
    constructor(packages: Record<string, unknown>);
  }
}

declare module 'bpmnlint' {
  export interface Report {
    id?: string;
    message: string;
    category: string;
  }
  export class Linter {
    constructor(options: { config: unknown; resolver: unknown });
    lint(moddleRoot: unknown): Promise<Record<string, Report[]>>;
  }
}

declare module 'bpmnlint/lib/resolver/node-resolver.js' {
  export default class NodeResolver {
    constructor(options: { require: NodeJS.Require });
  }
}

declare module '@bpmn-io/element-templates-validator' {
  export function validateAll(templates: object[]): { valid: boolean; results: { errors?: { message: string }[] }[] };
}
