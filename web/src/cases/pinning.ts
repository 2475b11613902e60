import { computed, nextTick, ref } from 'vue';
import type { Pin } from '../api/index.ts';
import type { Target } from './pins.ts';

/** Items that are being pinned, each with its reason, and in a review its clause. */
export function usePinning(clauses: () => boolean) {
  const chosen = ref<Pin[]>([]);
  const tried = ref(false);
  const picked = computed(() => new Set(chosen.value.map((pin) => pin.path)));
  const lacking = (pin: Pin) => tried.value && !pin.reason.trim();
  const lackingClause = (pin: Pin) => tried.value && clauses() && !pin.clause?.trim();

  function begin(pins: Pin[]) {
    chosen.value = pins.map((pin) => ({ ...pin }));
    tried.value = false;
  }
  async function toggle({ path, item }: Target) {
    if (picked.value.has(path)) return drop(path);
    chosen.value.push({ path, item: item.slice(0, 300), reason: '', ...(clauses() && { clause: '' }) });
    await nextTick();
    document.getElementById(`reason-${path}`)?.scrollIntoView({ block: 'nearest' });
  }
  function drop(path: string) {
    chosen.value = chosen.value.filter((pin) => pin.path !== path);
  }
  /** What was pinned; null where something is missing, which is shown then. */
  function finish(): Pin[] | null {
    tried.value = true;
    const bad = chosen.value.find((pin) => lacking(pin) || lackingClause(pin));
    if (!bad) return chosen.value.map((pin) => ({ ...pin, reason: pin.reason.trim() }));
    void nextTick(() => document.getElementById(`${lacking(bad) ? 'reason' : 'clause'}-${bad.path}`)?.focus());
    return null;
  }
  return { chosen, tried, picked, lacking, lackingClause, begin, toggle, drop, finish };
}
export type Pinning = ReturnType<typeof usePinning>;
