/**
 * Texts of the interface, Chinese first. Each area keeps its own in `texts.ts` (`export default { zh, en }`); a text
 * is named `<area>.<key>`. What the server says comes in both languages and is shown by `useSay`.
 */
import { useQuery } from '@tanstack/vue-query';
import { computed, inject, provide, type InjectionKey, type Ref } from 'vue';
import { createI18n, useI18n } from 'vue-i18n';
import { useApi, type English, type Said } from '../api/index.ts';

export type Locale = 'zh' | 'en';
const KEPT_AS = 'zhunyu.locale';

interface Texts {
  zh: Record<string, unknown>;
  en: Record<string, unknown>;
}

export function createTexts() {
  const found = import.meta.glob<Texts>('../*/texts.ts', { eager: true, import: 'default' });
  const messages: Record<Locale, Record<string, never>> = { zh: {}, en: {} };
  for (const [file, texts] of Object.entries(found)) {
    const area = file.split('/')[1] ?? '';
    Object.assign(messages.zh, { [area]: texts.zh });
    Object.assign(messages.en, { [area]: texts.en });
  }
  const locale: Locale = localStorage.getItem(KEPT_AS) === 'en' ? 'en' : 'zh';
  return createI18n({ legacy: false, locale, fallbackLocale: 'zh', messages });
}

/** The language in use and how to change it; the choice is kept on this device. */
export function useLocale() {
  const { locale } = useI18n();
  return {
    locale,
    choose(next: Locale) {
      locale.value = next;
      localStorage.setItem(KEPT_AS, next);
    },
  };
}

const vocabularyKey: InjectionKey<Ref<English['texts']>> = Symbol('vocabulary');

/** Fetches the English of what flows say, once somebody who is signed in reads it; for `useSay` everywhere below. */
export function provideVocabulary(signedIn: () => boolean): void {
  const api = useApi();
  const { locale } = useI18n();
  const { data } = useQuery({
    queryKey: ['english'],
    queryFn: ({ signal }) => api.get<English>('/english', {}, signal),
    enabled: computed(() => locale.value === 'en' && signedIn()),
    staleTime: Infinity,
  });
  provide(
    vocabularyKey,
    computed(() => data.value?.texts ?? {}),
  );
}

/**
 * Shows what the server says in the language in use. A plain text is one that flows say in Chinese (a step's name, a
 * stage, an instruction, a document); it is looked up, as are the names that an English sentence has in quotes. Where
 * nothing is known of it, it stays.
 */
export function useSay(): (said: Said | string | null | undefined) => string {
  const { locale } = useI18n();
  const vocabulary = inject(vocabularyKey, null);
  const known = (text: string) => vocabulary?.value[text] ?? text;
  /** Also of 「评审（核查、验证）」 each name. */
  const named = (names: string) =>
    vocabulary?.value[names] ??
    names
      .replace(/[^（）、]+/g, known)
      .replace(/、/g, ', ')
      .replace(/（(.*)）/, ' ($1)');
  return (said) => {
    if (!said) return '';
    const { zh, en } = typeof said === 'string' ? { zh: said, en: said } : said;
    if (locale.value !== 'en') return zh;
    return known(en).replace(/“([^“”]+)”/g, (_, name: string) => `“${named(name)}”`);
  };
}
