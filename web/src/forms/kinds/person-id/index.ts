import TextViewer from '../TextViewer.vue';
import TypedInput from '../TypedInput.vue';
import { defineKindUi } from '../ui.ts';

export default defineKindUi({ kind: 'person-id', Editor: TypedInput, Viewer: TextViewer });
