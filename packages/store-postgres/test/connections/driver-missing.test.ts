import { expect, onTestFinished, test, vi } from 'vitest';
import { postgresStore } from '../../src/index.js';
import { rejectionOf } from '../support/eventually.js';

vi.mock('pg', () => {
  throw Object.assign(new Error("Cannot find package 'pg'"), { code: 'ERR_MODULE_NOT_FOUND' });
});

test('without the pg package an address cannot be used: the first call says what to install', async () => {
  const store = postgresStore({ connectionString: 'postgres://me:hunter2@127.0.0.1:1/db' });
  onTestFinished(async () => store.close());
  for (const error of [await rejectionOf(store.init()), await rejectionOf(store.stats())]) {
    expect(error).toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining('npm install pg'),
      cause: expect.any(Error),
    });
    expect(String(error)).not.toContain('hunter2');
  }
});
