import TextViewer from '../TextViewer.vue';
import { defineKindUi } from '../ui.ts';
import Editor from './Editor.vue';

export default defineKindUi({ kind: 'date-range', Editor, Viewer: TextViewer, wide: 2 });
