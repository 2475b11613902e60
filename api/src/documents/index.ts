/** Documents of cases: filled, numbered, sealed, filed, served, proved. */
import type { AnyRoute, Core } from '../core/index.ts';
import { documentRoutes, type DocumentRouteDeps } from './documents.routes.ts';
import { createDocumentService, type DocumentDeps, type Documents } from './documents.service.ts';
import { createServing, type Serving, type ServingDeps } from './serving.ts';

export type { DocumentRow } from './documents.repository.ts';
export type { DocumentOf, Documents, MadeDocument, ReservedDocument, SealOf } from './documents.service.ts';
export type { Printed, TemplateData } from './data.ts';
export type { Serving } from './serving.ts';
export { fillTemplate, tagsOf } from './fill.ts';
export { createFonts, missingGlyphs, type FontFile, type Fonts } from './fonts.ts';

export function createDocuments(
  core: Core,
  deps: DocumentDeps & ServingDeps & DocumentRouteDeps,
): { documents: Documents; serving: Serving; routes: AnyRoute[] } {
  const documents = createDocumentService(core, deps);
  const serving = createServing(core, documents, deps);
  return { documents, serving, routes: documentRoutes(core, serving, deps) };
}
export { createWordToPdf, type WordToPdf } from './pdf/index.ts';
