/** What can be applied for. */
export { default as SampleLinks } from './SampleLinks.vue';
export { useCatalogue, useRenewals, type CatalogueItem } from './queries.ts';
