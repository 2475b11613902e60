import { onScopeDispose } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRouter } from 'vue-router';
import { isSure } from './sure.ts';

/**
 * Warns before the page is closed or reloaded while something on it is not saved (`dirty`), and before it is left for
 * another where that would be `lost`: what saves itself isn't. Answers the same question for a dialog that closes.
 */
export function useUnsaved(dirty: () => boolean, lost = dirty): { mayLeave(): Promise<boolean> } {
  const { t } = useI18n();
  const router = useRouter();

  async function mayLeave(): Promise<boolean> {
    if (!lost()) return true;
    return isSure({
      title: t('shell.unsaved.title'),
      text: t('shell.unsaved.text'),
      yes: t('shell.unsaved.leave'),
      no: t('shell.unsaved.stay'),
    });
  }
  const warn = (event: BeforeUnloadEvent) => dirty() && event.preventDefault();
  addEventListener('beforeunload', warn);
  // A session that has ended leads to the sign-in and back again; what was typed is kept where the page says so.
  const forget = router.beforeEach((to, from) => to.path === from.path || to.name === 'sign-in' || mayLeave());
  onScopeDispose(() => {
    removeEventListener('beforeunload', warn);
    forget();
  });
  return { mayLeave };
}
