/** What a kind shows on screen: its editor and its viewer. What a value is, stands in `contracts/kinds/<kind>`. */
import type { Component } from 'vue';
import type { Field, ScalarKind } from '../../../../contracts/forms/index.ts';
import type { Said } from '../../api/index.ts';

export interface EditorProps {
  field: Field;
  modelValue: unknown;
  /** Id of the control, to which the label belongs. */
  id: string;
  invalid?: boolean;
  /** Id of the line below that says what is wrong. */
  describedBy?: string;
  /** What was typed and could not be read as a value. */
  typed?: string;
  /** The values beside it: the form's, or the row's. */
  data?: Record<string, unknown>;
  /** Key of the table whose column it is. */
  table?: string;
}

export interface EditorEmits {
  'update:modelValue': [value: unknown];
  typed: [text: string, why: Said];
}

export interface ViewerProps {
  field: Field;
  value: unknown;
  /** The values beside it, where they are at hand. */
  data?: Record<string, unknown>;
}

export interface KindUi {
  kind: ScalarKind;
  Editor: Component;
  Viewer: Component;
  /** Further properties of the editor, such as the keyboard of a phone. */
  input?: Record<string, unknown>;
  /** Takes the whole line of four columns; `2` takes half of it. */
  wide?: boolean | 2;
}

/** Declares how one kind looks. */
export function defineKindUi(ui: KindUi): KindUi {
  return ui;
}
