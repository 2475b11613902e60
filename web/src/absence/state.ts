/** Colours of an absence's state. */
export const STATE_TAGS = { ahead: 's-note', now: 's-run', past: 's-void', ended: 's-void' } as const;
