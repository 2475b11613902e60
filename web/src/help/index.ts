/** Manuals, beside each page and whole. */
export { default as ManualDrawer } from './ManualDrawer.vue';
