import { expect, test } from 'vitest';
import { resolveReturnOptions } from '../../src/return-page/return-options.js';

test('options are resolved once: what is resolved already stays as it is', () => {
  const resolved = resolveReturnOptions({ page: 'cancel', redirects: { paid: '/thanks?a=é' } });
  expect(resolveReturnOptions(resolved)).toBe(resolved);
  expect(resolved).toMatchObject({ page: 'cancel', redirects: { paid: '/thanks?a=%C3%A9' } });
  const { page, redirects } = resolved;
  expect(resolveReturnOptions({ page, redirects })).toEqual(resolved);
});

test('options are copied: what becomes of the object later changes no page', () => {
  const redirects = { paid: '/thanks' };
  const resolved = resolveReturnOptions({ page: 'success', redirects });
  redirects.paid = 'https://elsewhere.example';
  expect(resolved.redirects.paid).toBe('/thanks');
});

test.each([
  [{ paid: 'Thank you!' }, 'texts.paid must be { title, lines }, or one of them'],
  [{ paid: { title: 7 } }, 'texts.paid.title must be a text'],
  [
    { failed: { lines: 'Try again.' } },
    "texts.failed.lines must be a list of texts: ['Thank you!']",
  ],
  [{ failed: { lines: [null] } }, "texts.failed.lines must be a list of texts: ['Thank you!']"],
])('%j are no words of a page', (texts, message) => {
  const options = Object.assign({ page: 'success' as const }, { texts });
  expect(() => Reflect.apply(resolveReturnOptions, undefined, [options])).toThrow(message);
});
