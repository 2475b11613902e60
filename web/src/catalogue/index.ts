/** What can be applied for. */
export { useCatalogue, type CatalogueItem } from './queries.ts';
