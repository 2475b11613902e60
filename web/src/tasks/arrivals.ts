import { ref, watch, type Ref } from 'vue';

interface Shown {
  /** Ids of the rows in their order. */
  ids: string[];
  /** What the list is asked for, and how much of it is loaded: another list has no arrivals. */
  list: string;
  /** Nothing follows the last row. */
  complete: boolean;
}

/** Rows that came into a list; one that only moved up to the loaded part, behind all that were there, isn't one. */
export function arrivedIn(before: Shown, now: Shown): string[] {
  if (before.list !== now.list) return [];
  const known = new Set(before.ids);
  const until = now.complete ? now.ids.length : now.ids.findLastIndex((id) => known.has(id)) + 1;
  return now.ids.slice(0, until).filter((id) => !known.has(id));
}

/** Ids of what came while the list is open and was not looked at. */
export function useArrivals(shown: Ref<Shown | undefined>) {
  const arrived = ref(new Set<string>());
  watch(shown, (now, before) => {
    if (!now || !before) return;
    const left = before.list === now.list ? now.ids.filter((id) => arrived.value.has(id)) : [];
    arrived.value = new Set([...left, ...arrivedIn(before, now)]);
  });
  return { arrived, looked: (id: string) => void arrived.value.delete(id) };
}
