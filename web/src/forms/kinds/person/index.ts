import ReferencePicker from '../ReferencePicker.vue';
import TextViewer from '../TextViewer.vue';
import { defineKindUi } from '../ui.ts';

export default defineKindUi({ kind: 'person', Editor: ReferencePicker, Viewer: TextViewer });
