import { defineKind, type Parsed } from '../kind.ts';

/** A tick. */
export default defineKind({
  kind: 'boolean',
  title: { zh: '勾选', en: 'Tick' },
  check: () => [],
  parse(text): Parsed {
    if (/^(是|有|√|✓|true|yes|y|1)$/i.test(text)) return { value: true };
    if (/^(否|无|×|false|no|n|0)$/i.test(text)) return { value: false };
    return { zh: `「${text}」填「是」或「否」`, en: `"${text}": write yes or no` };
  },
  format: (value, _field, lang) => (lang === 'zh' ? (value ? '是' : '否') : value ? 'yes' : 'no'),
  jsonSchema: () => ({ type: 'boolean' }),
});
