import TextViewer from '../TextViewer.vue';
import TypedInput from '../TypedInput.vue';
import { defineKindUi } from '../ui.ts';

export default defineKindUi({ kind: 'text', Editor: TypedInput, Viewer: TextViewer });
