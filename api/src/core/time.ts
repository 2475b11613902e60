/** Injected time: real time plus an offset that belongs to one app (0 in production, moved by scenarios and the seeder). */
export interface Time {
  now(): Date;
  /** Milliseconds that are added to real time. */
  offset(): number;
  /** Moves this app's time forward; refused in production by whoever offers it. */
  advanceTo(moment: Date): void;
  /** The app's moment of a time that the engine's rows carry (they are real time, UTC). */
  ofEngine(moment: Date): Date;
}

/** Time with an offset in milliseconds; `initialOffset` lets several processes of one app share a moved time. */
export function createTime(initialOffset = 0): Time {
  let offset = initialOffset;
  return {
    now: () => new Date(Date.now() + offset),
    offset: () => offset,
    advanceTo(moment) {
      const ahead = moment.getTime() - Date.now();
      if (ahead < offset) throw new RangeError('time goes forward only');
      offset = ahead;
    },
    ofEngine: (moment) => new Date(moment.getTime() + offset),
  };
}

const SHANGHAI = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** The calendar day in Asia/Shanghai, `2026-11-21`; law counts days there. */
export function shanghaiDay(moment: Date): string {
  return SHANGHAI.format(moment);
}

/** 00:00 Asia/Shanghai of a day `2026-11-21`. China has had no summer time since 1991. */
export function startOfDay(day: string): Date {
  return new Date(`${day}T00:00:00+08:00`);
}

/** 24:00 Asia/Shanghai of a day, the moment a limit that ends on it is over. */
export function endOfDay(day: string): Date {
  return new Date(startOfDay(day).getTime() + 86_400_000);
}
