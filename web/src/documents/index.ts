/** Looking at files, and the documents of a case. */
export { default as DocumentsTable } from './DocumentsTable.vue';
export { default as FilePreview } from './FilePreview.vue';
export { default as UnopenedCard } from './UnopenedCard.vue';
export { default as PreviewDrawer } from './PreviewDrawer.vue';
export { useUnopened } from './queries.ts';
export { attachmentsOf } from './attachments.ts';
export type { Previewed } from './previewed.ts';
