import TextViewer from '../TextViewer.vue';
import TypedInput from '../TypedInput.vue';
import { defineKindUi } from '../ui.ts';

export default defineKindUi({ kind: 'phone', Editor: TypedInput, Viewer: TextViewer, input: { inputmode: 'tel' } });
