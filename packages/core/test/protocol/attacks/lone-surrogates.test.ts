import { expect, it } from 'vitest';
import { canonicalJson } from '../../../src/protocol/v1/canonical-json.js';

it.each([
  ['"\\ud800"', '"\ufffd"'],
  ['"a\\udfffb\\ud83d\\ude00"', '"a\ufffdb😀"'],
  ['"\\ud83d\\ud83d\\ude00"', '"\ufffd😀"'],
  ['{"\\ud800":1}', '{"\ufffd":1}'],
  ['{"\\ud800":1,"\\udc00":2}', '{"\ufffd":2}'],
])('%s is signed as %s', (text, canonical) => {
  expect(canonicalJson(JSON.parse(text))).toBe(canonical);
});
