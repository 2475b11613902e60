/** 双随机、一公开 platform: inspection objects are pushed to its directory of objects (CMA-8.2). */
import { z } from 'zod';
import type { OutsideSystem } from '../system.ts';
import { InspectionObject } from './contract.ts';
import { counterpart } from './counterpart.ts';

export const doubleRandom: OutsideSystem = {
  id: 'double-random',
  title: { zh: '双随机、一公开监管平台', en: 'Double-random inspection platform' },
  messages: {
    object: {
      title: { zh: '检查对象', en: 'Inspection object' },
      path: '/objects',
      request: InspectionObject,
      answer: z.object({ outcome: z.enum(['listed', 'refused']), receipt: z.string() }),
    },
  },
  counterpart,
};
