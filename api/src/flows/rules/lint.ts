import { createRequire } from 'node:module';
import { Linter } from 'bpmnlint';
import NodeResolver from 'bpmnlint/lib/resolver/node-resolver.js';
import type { PackageRule } from '../check.ts';

/**
 * bpmnlint's recommended rules, without those that are stated otherwise here: exits have no way in, loops join at steps,
 * gateways have a rule of their own.
 */
const config = {
  extends: 'bpmnlint:recommended',
  rules: {
    'conditional-flows': 'off',
    'no-implicit-start': 'off',
    'no-disconnected': 'off',
    'no-inclusive-gateway': 'off',
    'fake-join': 'off',
    'superfluous-termination': 'off',
  },
};

const ZH: Record<string, string> = {
  'end-event-required': '没有结束事件',
  'label-required': '没有名称',
  'no-bpmndi': '图上没有这个元素',
  'no-complex-gateway': '不能用复杂网关',
  'no-duplicate-sequence-flows': '连线重复',
  'no-gateway-join-fork': '网关不能既汇合又分支',
  'no-implicit-end': '走到这里没有结束事件',
  'no-implicit-split': '分支要用网关',
  'no-overlapping-elements': '图上元素重叠',
  'single-blank-start-event': '只能有一个空白开始事件',
  'single-event-definition': '事件只能有一个定义',
  'start-event-required': '没有开始事件',
  'sub-process-blank-start-event': '子流程应由空白开始事件开始',
  'superfluous-gateway': '网关多余',
};

/** Names, diagram, starts and ends: what any BPMN model should have. */
export const lint: PackageRule = {
  code: 'bpmn',
  async check({ definitions }) {
    const resolver = new NodeResolver({ require: createRequire(import.meta.url) });
    const reports = await new Linter({ config, resolver }).lint(definitions);
    return Object.entries(reports).flatMap(([rule, found]) =>
      found.map(({ id, message }) => ({
        element: id,
        zh: ZH[rule] ?? `不符合建模规范 ${rule}`,
        en: `${message} (${rule})`,
      })),
    );
  },
};
