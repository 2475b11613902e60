/** Manuals of the product, made of the guides in `docs/`. */
export { createManuals, type Manuals } from './manuals.ts';
export { manualRoutes } from './manuals.routes.ts';
