import { describe, expect, test } from 'vitest';
import { filtersFor } from '../../scripts/changed-tests.mjs';

describe('what changed chooses', () => {
  test.each([
    ['a source its package', ['packages/core/src/event/types.ts'], ['packages/core/']],
    ['a test itself', ['packages/koa/test/types.test.ts'], ['packages/koa/test/types.test.ts']],
    ['what tests share its package', ['packages/koa/test/support/app.ts'], ['packages/koa/']],
    ['an example its tests', ['examples/koa-shop/shop.mjs'], ['examples/koa-shop/']],
    ['what tests share their room', ['test/journeys/support/buy.ts'], ['test/journeys/']],
    ['a text nothing', ['README.md', 'docs/protocol.md', 'package.json'], []],
  ])('%s', (_, paths, filters) => {
    expect(filtersFor(paths)).toEqual(filters);
  });

  test('each once, and nothing that another one includes', () => {
    const paths = [
      'packages/core/test/errors.test.ts',
      'packages/core/src/errors.ts',
      'packages/core/src/kit.ts',
      'packages/koa/test/types.test.ts',
    ];
    expect(filtersFor(paths)).toEqual(['packages/core/', 'packages/koa/test/types.test.ts']);
  });
});
