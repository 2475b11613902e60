/**
 * Texts of the interface, Chinese first. Each area keeps its own in `texts.ts` (`export default { zh, en }`); a text
 * is named `<area>.<key>`. What the server says comes in both languages and is shown by `useSay`.
 */
import { createI18n, useI18n } from 'vue-i18n';
import type { Said } from '../api/index.ts';

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

/** Shows what the server says in the language in use. */
export function useSay(): (said: Said | null | undefined) => string {
  const { locale } = useI18n();
  return (said) => (said ? (locale.value === 'en' ? said.en : said.zh) : '');
}
