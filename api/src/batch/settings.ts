/** Settings of batches. */
import { z } from 'zod';
import type { Setting } from '../core/index.ts';

export const UNDO_SECONDS: Setting<number> = {
  key: 'batch.undo-seconds',
  title: { zh: '批量办理可撤销的时间', en: 'Time to undo a batch' },
  help: {
    zh: '批量提交后先留住，过了这段时间才发出；其间可以整批撤销',
    en: 'A batch is held for this long before it is sent, and may be undone meanwhile',
  },
  unit: { zh: '秒', en: 'seconds' },
  schema: z.int().min(5).max(600),
  fallback: 30,
};
