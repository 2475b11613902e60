/** Filling and reading forms. */
export { default as FormEditor } from './FormEditor.vue';
export { default as FormReader } from './FormReader.vue';
export { default as FormWorkspace } from './FormWorkspace.vue';
export { uiOf } from './kinds/registry.ts';
export { useForm, useFormModel } from './model.ts';
export type { Section } from './sections.ts';
