import { memoryStore } from '@qbitflow/core';
import { expect, test } from 'vitest';

test('the suites of this project run without the shortcuts of the hot path', async () => {
  const { takesShortcuts } = await import('../../packages/core/src/shortcuts.js');
  expect(takesShortcuts).toBe(false);
  expect(memoryStore().name).toBe('memory');
});
