import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startStoreProcess } from '../src/support/store-process.js';

const support = (name: string) => join(import.meta.dirname, 'support', name);

test('a module that cannot open its store is told with its own words', async () => {
  const module = { file: support('refusing-store.mjs'), argument: { reason: 'no such file' } };
  await expect(startStoreProcess(module)).rejects.toThrow(/in another process: .*no such file/);
});

test('a module that is not there is named', async () => {
  const module = { file: support('nowhere.mjs'), argument: undefined };
  await expect(startStoreProcess(module)).rejects.toThrow(/nowhere\.mjs/);
});

test('CommonJS modules are loaded too', async () => {
  const module = { file: support('common-store.cjs'), argument: 'shop' };
  const process = await startStoreProcess(module);
  expect(await process.call('get', 'k')).toBe('shop k');
  await process.kill();
});

test('a call to a process that was killed rejects', async () => {
  const process = await startStoreProcess({
    file: support('common-store.cjs'),
    argument: 'shop',
  });
  const call = process.call('hang');
  await process.kill();
  await expect(call).rejects.toThrow(/ended before it answered/);
});
