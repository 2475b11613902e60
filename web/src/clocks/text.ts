import { useI18n } from 'vue-i18n';
import { useSay } from '../i18n/index.ts';
import { shortDay } from '../shell/dates.ts';
import { useMe } from '../identity/session.ts';
import { leftOf, type RulerClock } from './ruler.ts';

/** How clocks are put into words: 剩 2 日, 今天到期, 超期 1 日, 11-23 到期; a day of a clock is a working day. */
export function useClockText() {
  const { t } = useI18n();
  const say = useSay();
  const today = useMe().today.date;
  const left = (days: number) => {
    if (days < 0) return t('clocks.over', { n: -days });
    return days === 0 ? t('clocks.today') : t('clocks.left', { n: days });
  };
  const due = (clock: Pick<RulerClock, 'dueOn' | 'unknown'>) => {
    if (clock.unknown) return t('clocks.unknown', { year: /\d{4}/.exec(clock.unknown)?.[0] ?? '' });
    return clock.dueOn ? t('clocks.due', { day: shortDay(clock.dueOn, today) }) : '';
  };
  /** The first thing to know about a clock. */
  const first = (clock: RulerClock) => {
    if (clock.state === 'stopped') return t('clocks.stopped');
    if (clock.state === 'ended') return t('clocks.ended');
    const days = leftOf(clock);
    return days === null ? due(clock) : left(days);
  };
  const described = (clock: RulerClock) =>
    t('clocks.described', {
      title: say(clock.title),
      total: clock.total,
      used: clock.used,
      state: clock.state === 'running' ? first(clock) : t(`clocks.${clock.state}`),
    });
  return { left, due, first, described };
}
