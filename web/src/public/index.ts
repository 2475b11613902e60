/** Pages that everybody may open. */
export { default as PublicFrame } from './PublicFrame.vue';
