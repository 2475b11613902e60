import { onScopeDispose, ref, type Ref } from 'vue';

/** Whether a media query holds, kept up to date while the caller lives. */
export function useMedia(query: string): Ref<boolean> {
  const media = matchMedia(query);
  const holds = ref(media.matches);
  const update = () => (holds.value = media.matches);
  media.addEventListener('change', update);
  onScopeDispose(() => media.removeEventListener('change', update));
  return holds;
}

export const usePhone = () => useMedia('(max-width: 640px)');
/** Room for a side pane beside the list or the content. */
export const useWide = () => useMedia('(min-width: 1200px)');

/** Whether this device has a network. */
export function useOnline(): Ref<boolean> {
  const online = ref(navigator.onLine);
  const update = () => (online.value = navigator.onLine);
  addEventListener('online', update);
  addEventListener('offline', update);
  onScopeDispose(() => {
    removeEventListener('online', update);
    removeEventListener('offline', update);
  });
  return online;
}
