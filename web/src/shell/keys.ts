import { onScopeDispose } from 'vue';

/** Keys are written `j`, `Enter`, `ctrl+k`, `?`; a handler that returns false leaves the event to the browser. */
export type Keys = Record<string, (event: KeyboardEvent) => unknown>;

/**
 * Listens while the caller lives. Single keys are left alone where somebody types, on controls that use them, and
 * while a dialog is open.
 */
export function useKeys(keys: Keys): void {
  const listen = (event: KeyboardEvent) => {
    const ctrl = event.ctrlKey || event.metaKey;
    if (event.defaultPrevented || event.altKey || event.isComposing) return;
    const handler = keys[(ctrl ? 'ctrl+' : '') + (event.key.length === 1 ? event.key.toLowerCase() : event.key)];
    if (!handler || (!ctrl && taken(event)) || isCovered()) return;
    if (handler(event) !== false) event.preventDefault();
  };
  addEventListener('keydown', listen);
  onScopeDispose(() => removeEventListener('keydown', listen));
}

function taken(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return true;
  return event.key === 'Enter' && target.closest('a, button, [role=button]') !== null;
}

/** What only fades away covers nothing any more. */
function isCovered(): boolean {
  return [...document.querySelectorAll('.el-overlay, .el-popper')].some(
    (over) => over.getClientRects().length > 0 && !over.className.includes('-leave-active'),
  );
}
