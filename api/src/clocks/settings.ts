/** Settings of the clocks (RULES, Clocks). All counts are working days. */
import { z } from 'zod';
import type { Role } from '../../../contracts/flow.ts';
import type { Setting } from '../core/index.ts';

export const WARN_BEFORE: Setting<number[]> = {
  key: 'clocks.warn-before',
  title: { zh: '到期前提醒', en: 'Warnings before the due day' },
  help: {
    zh: '到期前第几个工作日提醒办理人，可以有几次；事项自己写明的除外',
    en: 'Working days before the due day on which people are warned, unless the item says otherwise',
  },
  unit: { zh: '个工作日', en: 'working days' },
  schema: z.array(z.int().min(1).max(60)).max(10),
  fallback: [2],
};

export const ESCALATE_AFTER: Setting<number> = {
  key: 'clocks.escalate-after',
  title: { zh: '超期后上报', en: 'Escalation' },
  help: {
    zh: '超期几个工作日后告知上级机关的负责人；到期当天已告知本机关负责人',
    en: 'Overdue working days after which the leaders of the office above are told; those of the office hear of it on the due day',
  },
  unit: { zh: '个工作日', en: 'working days' },
  schema: z.int().min(1).max(60),
  fallback: 3,
};

/** Roles whose holders lead an office. */
export const LEADERS: Setting<string[]> = {
  key: 'clocks.leaders',
  title: { zh: '负责人的岗位', en: 'Roles of leaders' },
  help: {
    zh: '持有这些岗位的人收到到期和超期的报告',
    en: 'Who holds one of these roles is told of due and overdue cases',
  },
  schema: z.array(z.string()).min(1),
  fallback: ['leader'],
};

/** `roles`: those that exist. */
export const clockSettings = (roles: Role[]): Setting[] => [
  WARN_BEFORE,
  ESCALATE_AFTER,
  {
    ...LEADERS,
    schema: z.array(z.enum(roles.map(({ id }) => id))).min(1),
    words: Object.fromEntries(roles.map(({ id, zh, en }) => [id, { zh, en }])),
  },
];
