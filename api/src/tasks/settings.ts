/** Settings of tasks. */
import { z } from 'zod';
import type { Setting } from '../core/index.ts';

export const URGE_AFTER: Setting<number> = {
  key: 'tasks.urge-after',
  title: { zh: '催办的间隔', en: 'Time between urging' },
  help: {
    zh: '同一项待办到达或上次催办几小时后，才可以（再）催办',
    en: 'Hours after a task’s arrival or the last time before somebody may ask for it to be done',
  },
  unit: { zh: '小时', en: 'hours' },
  schema: z.int().min(1).max(720),
  fallback: 24,
};
