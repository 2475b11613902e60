const FORMAT = { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const MINUTES = new Intl.DateTimeFormat('zh-CN', FORMAT);
const SECONDS = new Intl.DateTimeFormat('zh-CN', { ...FORMAT, second: '2-digit' });

/** `10:32`, or `10:32:05`, in Asia/Shanghai. */
export const timeOfDay = (at: Date, precision: 'minutes' | 'seconds' = 'minutes'): string =>
  (precision === 'minutes' ? MINUTES : SECONDS).format(at);
