import assert from 'node:assert/strict';
import { asksForPhrase, withPhrase } from './insert.ts';

describe('phrases in an opinion', () => {
  it('are asked for by a slash that begins a word [PLT-1.2]', () => {
    assert.deepEqual(
      ['/', '同意。/', '见 GB/', '同意\n/'].map((text) => asksForPhrase(text, text.length)),
      [true, true, false, true],
    );
  });

  it('stand at the caret, in place of the slash [PLT-1.2]', () => {
    assert.deepEqual(withPhrase('/', 1, '同意。'), { text: '同意。', caret: 3 });
    assert.deepEqual(withPhrase('经核查，见附件。', 4, '符合条件，'), { text: '经核查，符合条件，见附件。', caret: 9 });
  });
});
