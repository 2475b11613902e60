/** Deciding and transferring several tasks at once. */
export { default as BatchBar } from './BatchBar.vue';
export { default as BatchNotices } from './BatchNotices.vue';
export { useSelection, type Selection } from './selection.ts';
