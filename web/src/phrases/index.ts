/** Phrases for opinions. */
export { default as PhrasePicker } from './PhrasePicker.vue';
export { asksForPhrase, withPhrase } from './insert.ts';
