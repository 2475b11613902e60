import TextViewer from '../TextViewer.vue';
import TypedInput from '../TypedInput.vue';
import { defineKindUi } from '../ui.ts';

export default defineKindUi({
  kind: 'textarea',
  Editor: TypedInput,
  Viewer: TextViewer,
  input: { lines: 3 },
  wide: true,
});
