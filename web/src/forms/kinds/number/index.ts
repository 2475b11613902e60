import TextViewer from '../TextViewer.vue';
import TypedInput from '../TypedInput.vue';
import { defineKindUi } from '../ui.ts';

export default defineKindUi({
  kind: 'number',
  Editor: TypedInput,
  Viewer: TextViewer,
  input: { inputmode: 'decimal' },
});
