import { defineKindUi } from '../ui.ts';
import Editor from './Editor.vue';
import Viewer from './Viewer.vue';

export default defineKindUi({ kind: 'rich-text', Editor, Viewer, wide: true });
