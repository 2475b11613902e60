import TextViewer from '../TextViewer.vue';
import { defineKindUi } from '../ui.ts';
import Editor from './Editor.vue';

export default defineKindUi({ kind: 'datetime', Editor, Viewer: TextViewer });
