import { expect, test } from 'vitest';
import { createRunner, durableStoreSuite } from '../src/index.js';
import { modelStore } from './support/model-store.js';

const ALL_BUT_ONE = { only: (name: string) => name.startsWith('restart: every state') };

test('runs what was registered, in order, and tells how it went', async () => {
  const runner = createRunner();
  const failure = new Error('no');
  runner.test('passes', async () => undefined);
  runner.test('fails', async () => {
    throw failure;
  });
  const results = await runner.run({ concurrency: 2 });
  expect(results).toEqual([
    { name: 'passes', ok: true, ms: expect.any(Number) },
    { name: 'fails', ok: false, ms: expect.any(Number), error: failure },
  ]);
});

test('gives up a case that does not end', async () => {
  const runner = createRunner();
  runner.test('hangs', async () => new Promise(() => undefined), 20);
  const [result] = await runner.run();
  expect(result).toMatchObject({ ok: false, error: { message: 'did not end within 20 ms' } });
});

test('runs only what is asked for', async () => {
  const runner = createRunner();
  runner.test('a', async () => undefined);
  runner.test('b', async () => undefined);
  const results = await runner.run({ only: (name) => name === 'b' });
  expect(results.map(({ name }) => name)).toEqual(['b']);
});

test('a capability without what it needs fails and says what to do', async () => {
  const runner = createRunner();
  const createStore = async () => ({ store: modelStore(), cleanup: async () => undefined });
  durableStoreSuite({ test: runner.test, createStore });
  const [result] = await runner.run(ALL_BUT_ONE);
  expect(result).toMatchObject({
    ok: false,
    error: {
      message:
        'createStore gave no `reopen`, which this case needs: add it, or say in `capabilities` what the store cannot do',
    },
  });
});

test('a capability that is denied is not asked for', async () => {
  const runner = createRunner();
  const createStore = async () => ({ store: modelStore(), cleanup: async () => undefined });
  durableStoreSuite({ test: runner.test, createStore, capabilities: { survivesRestart: false } });
  expect(await runner.run(ALL_BUT_ONE)).toEqual([]);
});

test('a store that cannot be prepared is cleaned up all the same', async () => {
  const runner = createRunner();
  const cleaned: string[] = [];
  const init = async () => {
    throw new Error('no such database');
  };
  durableStoreSuite({
    test: runner.test,
    createStore: async () => ({
      store: { ...modelStore(), init },
      cleanup: async () => {
        cleaned.push('yes');
      },
    }),
  });
  const only = (name: string) => name === 'record: a fresh key is recorded, due and untouched';
  const [result] = await runner.run({ only });
  expect(result).toMatchObject({ ok: false, error: { message: 'no such database' } });
  expect(cleaned).toEqual(['yes']);
});
