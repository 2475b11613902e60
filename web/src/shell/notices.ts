import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { RouteLocationRaw } from 'vue-router';

export interface Notice {
  id: number;
  text: string;
  tone: 'done' | 'problem';
  link?: { text: string; to: RouteLocationRaw };
}

/** One line at the bottom that says what was done; it names the result and goes after some seconds. */
export const useNotices = defineStore('notices', () => {
  const list = ref<Notice[]>([]);
  let last = 0;
  function drop(id: number) {
    list.value = list.value.filter((notice) => notice.id !== id);
  }
  function show(text: string, options: { tone?: Notice['tone']; link?: Notice['link'] } = {}) {
    const id = ++last;
    list.value = [...list.value.slice(-2), { id, text, tone: options.tone ?? 'done', link: options.link }];
    setTimeout(() => drop(id), options.link ? 10_000 : 6_000);
  }
  return { list, show, drop };
});
