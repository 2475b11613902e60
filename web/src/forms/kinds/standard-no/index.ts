import TextViewer from '../TextViewer.vue';
import TypedInput from '../TypedInput.vue';
import { defineKindUi } from '../ui.ts';

export default defineKindUi({ kind: 'standard-no', Editor: TypedInput, Viewer: TextViewer });
