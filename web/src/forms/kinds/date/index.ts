import PickedInput from '../PickedInput.vue';
import TextViewer from '../TextViewer.vue';
import { defineKindUi } from '../ui.ts';

export default defineKindUi({ kind: 'date', Editor: PickedInput, Viewer: TextViewer, input: { picker: 'date' } });
