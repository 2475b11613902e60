import { defineKindUi } from '../ui.ts';
import Editor from './Editor.vue';
import Viewer from './Viewer.vue';

export default defineKindUi({ kind: 'position', Editor, Viewer, wide: 2 });
