import { expect, test } from 'vitest';
import { startApi } from '../api/support/api-server.js';
import { keyOf, logged, serveLog, storeOfYesterday } from '../recovery/support/recovery-shop.js';
import { rejectionOf } from '../support/rejection-of.js';
import { merchantProject } from './merchant-project.js';

const STORE = ['--store', 'store.mjs'];

async function openProject(generation: 'v1' | 'v2' = 'v2') {
  const api = await startApi();
  const { store } = await storeOfYesterday();
  const env = { QBITFLOW_API_KEY: 'sk_test', QBITFLOW_BASE_URL: `${api.origin}/${generation}` };
  return { api, store, env, ...merchantProject(store) };
}

test('recover records what the log has since then, for whoever runs the handlers', async () => {
  const { api, store, run, env } = await openProject();
  serveLog(api, [logged(0), logged(1), logged(60)]);
  const since = ['--since', '2026-10-01T11:30:00Z'];
  expect(await run(['recover', ...since, ...STORE], env)).toEqual({
    code: 0,
    text: '2 events seen, 2 recorded, 0 known',
  });
  expect([await store.get(keyOf(0)), await store.get(keyOf(60))]).toMatchObject([
    { state: 'due', source: 'recovery' },
    undefined,
  ]);
  const { text } = await run(['recover', ...since, ...STORE], env);
  expect(text).toBe('2 events seen, 0 recorded, 2 known');
});

test('what happened before the store was made is counted and left', async () => {
  const { api, run, env } = await openProject();
  const lastYear = { createdAt: '2025-10-01T12:00:00Z' };
  serveLog(api, [logged(0), logged(1, lastYear), logged(2, lastYear)]);
  const { text } = await run(['recover', '--since', '2025-01-01T00:00:00Z', ...STORE], env);
  expect(text).toBe("3 events seen, 1 recorded, 0 known, 2 older than the store's memory and left");
});

test('recheck says of what is too old that it is', async () => {
  const { api, store, run, env } = await openProject('v1');
  api.on('/v1/transaction/status', { status: 200, json: { status: 'completed' } });
  const payment = { uuid: 'pay@1', createdAt: '2025-10-01T12:00:00Z' };
  api.on('/v1/transaction/payment/pay%401', { status: 200, json: payment });
  expect((await run(['recheck', 'pay@1', ...STORE], env)).text).toBe('pay@1: too_old');
  expect(await store.get('payment.completed:pay@1')).toBeUndefined();
});

test('recheck records one completed transaction of v1', async () => {
  const { api, store, run, env } = await openProject('v1');
  api.on('/v1/transaction/status', { status: 200, json: { status: 'completed' } });
  const payment = { uuid: 'pay@1', createdAt: '2026-10-01T11:59:50Z' };
  api.on('/v1/transaction/payment/pay%401', { status: 200, json: payment });
  expect(await run(['recheck', 'pay@1', ...STORE], env)).toEqual({
    code: 0,
    text: 'pay@1: recorded',
  });
  expect((await store.get('payment.completed:pay@1'))?.state).toBe('due');
});

test('recheck of what is not final says so', async () => {
  const { api, run, env } = await openProject('v1');
  api.on('/v1/transaction/status', { status: 200, json: { status: 'pending' } });
  expect((await run(['recheck', 'pay@1', ...STORE], env)).text).toBe(
    'pay@1: nothing final to record',
  );
});

test('without an API key it is said what to set', async () => {
  const { run } = await openProject();
  const error = await rejectionOf(run(['recover', '--since', '36h', ...STORE], {}));
  expect(String(error)).toContain('QBITFLOW_API_KEY');
});

test('a time nobody can read is refused', async () => {
  const { run, env } = await openProject();
  const error = await rejectionOf(run(['recover', '--since', 'yesterday', ...STORE], env));
  expect(String(error)).toContain('since is no time');
});

test.each([[['recover']], [['recheck']]])(
  '%s without its argument shows how it is called',
  async (args) => {
    const { run, env } = await openProject();
    expect(await run([...args, ...STORE], env)).toMatchObject({ code: 2 });
  },
);
