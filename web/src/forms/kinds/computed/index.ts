import TextViewer from '../TextViewer.vue';
import { defineKindUi } from '../ui.ts';

/** Follows from other fields, so it has nothing to edit. */
export default defineKindUi({ kind: 'computed', Editor: TextViewer, Viewer: TextViewer });
