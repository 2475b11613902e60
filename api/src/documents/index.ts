/** Documents of cases: filled, numbered, sealed, filed, served, proved. */
import type { AnyRoute, Core } from '../core/index.ts';
import { documentRoutes, type DocumentRouteDeps } from './documents.routes.ts';
import { createDocumentService, type DocumentDeps, type Documents } from './documents.service.ts';
import { createList, type ListDocuments } from './list.ts';
import { createProofs, type ProofDeps } from './service/proof.ts';
import { createRecording, type RecordDeps, type Recording } from './service/record.ts';
import { serviceRoutes, type ServiceRouteDeps } from './service/service.routes.ts';
import { createServing, type Serving as ServingOf, type ServingDeps } from './service/serving.ts';

export { serviceSettings } from './service/settings.ts';
export type { DocumentRow } from './documents.repository.ts';
export type { DocumentOf, Documents, MadeDocument, ReservedDocument, SealOf } from './documents.service.ts';
export { formName, holdsPictures, type Printed, type TemplateData } from './data.ts';
export { pictureKey, type Pictures } from './pictures/module.ts';
export type { ListDocuments } from './list.ts';
export { fillTemplate, tagsOf, wordsOf } from './fill.ts';
export { missingPart } from './word-file.ts';
export { lettersLacking } from './letters.ts';
export { createFonts, missingGlyphs, unprintable, type FontFile, type Fonts } from './fonts.ts';

/** Service as the rest of the product uses it. */
export interface Serving extends Pick<ServingOf, 'serve'> {
  /** Deems served what is due, and makes the proofs of service. Run every minute; idle costs little. */
  tick(): Promise<void>;
}

export function createDocuments(
  core: Core,
  deps: DocumentDeps & ServingDeps & RecordDeps & ProofDeps & DocumentRouteDeps & ServiceRouteDeps,
): {
  documents: Documents;
  list: ListDocuments;
  serving: Serving;
  mayServe: Recording['mayServe'];
  routes: AnyRoute[];
} {
  const documents = createDocumentService(core, deps);
  const serving = createServing(core, deps);
  const recording = createRecording(core, serving, deps);
  const prove = createProofs(core, documents, deps);
  return {
    documents,
    mayServe: recording.mayServe,
    list: createList(core, recording, deps),
    serving: {
      serve: serving.serve,
      async tick() {
        await serving.deem();
        await prove();
      },
    },
    routes: [...documentRoutes(core, serving, deps), ...serviceRoutes(core, recording, deps)],
  };
}
export { createWordToPdf, type WordToPdf } from './pdf/index.ts';
export { keepingResults } from './pdf/kept.ts';
