import { defineKind } from '../kind.ts';
import { referenceKind, referencesIn } from '../reference.ts';

/** One of the authority's people, or several. */
export default defineKind({
  kind: 'person',
  title: { zh: '人员', en: 'Person' },
  ...referenceKind,
  mask: (value, _field, lang) =>
    referencesIn(value)
      .map(({ label }) => label.slice(0, 1) + '*'.repeat(Math.max(1, label.length - 1)))
      .join(lang === 'zh' ? '、' : ', '),
});
