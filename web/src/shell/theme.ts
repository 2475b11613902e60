import { inject, ref, watch, type InjectionKey, type Ref } from 'vue';

export type Theme = 'system' | 'light' | 'dark';
const KEPT_AS = 'zhunyu.theme';
export const themeKey: InjectionKey<Ref<Theme>> = Symbol('theme');

/** Light, dark or as the system has it; kept on this device and put on `html.dark`. */
export function createTheme(): Ref<Theme> {
  const kept = localStorage.getItem(KEPT_AS);
  const theme = ref<Theme>(kept === 'light' || kept === 'dark' ? kept : 'system');
  const system = matchMedia('(prefers-color-scheme: dark)');
  const apply = () =>
    document.documentElement.classList.toggle(
      'dark',
      theme.value === 'dark' || (theme.value === 'system' && system.matches),
    );
  system.addEventListener('change', apply);
  watch(theme, (value) => {
    localStorage.setItem(KEPT_AS, value);
    apply();
  });
  apply();
  return theme;
}

export function useTheme(): Ref<Theme> {
  const theme = inject(themeKey);
  if (!theme) throw new Error('no theme provided');
  return theme;
}
