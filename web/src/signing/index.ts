/** Signing documents by hand. */
export { default as SigningDialog } from './SigningDialog.vue';
