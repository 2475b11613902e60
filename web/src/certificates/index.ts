/** Certificates: how their states and events look, and their tag. */
export { default as StateTag } from './StateTag.vue';
export { colourOfEvent, LOOKS } from './looks.ts';
