import { VueQueryPlugin } from '@tanstack/vue-query';
import { createPinia } from 'pinia';
import { createApp, watch } from 'vue';
import './styles/element.css';
import './styles/tokens.css';
import './styles/components.css';
import { apiKey, createApi, createQueryClient } from './api/index.ts';
import { createTexts } from './i18n/index.ts';
import { useSession } from './identity/session.ts';
import { createBrowserLive, liveKey } from './live/index.ts';
import { createAppRouter } from './router.ts';
import App from './shell/App.vue';
import { createTheme, themeKey } from './shell/theme.ts';

const theme = createTheme();
const texts = createTexts();
const pinia = createPinia();
const queryClient = createQueryClient();
const session = useSession(pinia);
const api = createApi({
  async signedOut() {
    const { meta, fullPath } = router.currentRoute.value;
    if (!session.me || meta.public) return;
    // The page goes first: what it shows needs the person.
    await router.replace({ name: 'sign-in', query: { back: fullPath, ended: '1' } });
    session.me = null;
    queryClient.clear();
  },
});
const router = createAppRouter(api);

watch(
  texts.global.locale,
  (locale) => document.documentElement.setAttribute('lang', locale === 'en' ? 'en' : 'zh-CN'),
  { immediate: true },
);

createApp(App)
  .use(pinia)
  .use(texts)
  .use(router)
  .use(VueQueryPlugin, { queryClient })
  .provide(apiKey, api)
  .provide(liveKey, createBrowserLive(queryClient))
  .provide(themeKey, theme)
  .mount('#app');
