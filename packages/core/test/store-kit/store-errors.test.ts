import { expect, test } from 'vitest';
import { storeClosed, storeUnavailable, wrongArgument } from '@qbitflow/core/store';

test('an error of a store names it, with cause and cure', () => {
  const cause = new Error('EIO');
  const facts = { file: 'x.db' };
  expect(storeUnavailable('table', 'cannot read x.db: look at the disk', { cause, facts })).toEqual(
    expect.objectContaining({
      code: 'store_unavailable',
      message: 'the table store cannot read x.db: look at the disk',
      cause,
      facts: { store: 'table', file: 'x.db' },
    }),
  );
  expect(storeClosed('table')).toMatchObject({
    code: 'store_unavailable',
    facts: { store: 'table' },
  });
});

test.each([
  [NaN, 'NaN'],
  ['x'.repeat(500), `'${'x'.repeat(60)}'`],
  [null, 'null'],
  [{ secret: 1 }, 'object'],
])('a wrong argument is told in a few characters: %s', (value, found) => {
  const error = wrongArgument('table', { name: 'limit', value, expected: 'a number' });
  expect(error).toMatchObject({ code: 'misconfigured', facts: { store: 'table', limit: found } });
  expect(error.message).toContain(`was given ${found} as limit, which must be a number`);
});
