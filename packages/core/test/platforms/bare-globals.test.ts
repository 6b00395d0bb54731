import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { built, runScript } from '../support/run-script.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** What jsdom, Workers and Electron's renderer lack of Node's globals; there, timers are numbers as well. */
const BARE = `
for (const name of ['setImmediate', 'clearImmediate', 'structuredClone', 'TextEncoder', 'TextDecoder', 'fetch', 'Response'])
  delete globalThis[name];
const { setTimeout } = globalThis;
globalThis.setTimeout = (...args) => Number(setTimeout(...args));
`;
const WITHOUT_CONTEXTS = 'process.getBuiltinModule = undefined;';

const preload = (code: string): Record<string, string> => ({
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}`,
});

/** Receives a delivery, fails once, handles it at the second attempt, and ends by itself. */
function script(): string {
  const body = fixtures.v2['payment.completed']();
  const { headers, body: raw } = signDelivery({ version: 'v2', body, secret: 'whsec_bare' });
  return `
const kit = core.createQBitFlow({ webhookSecret: 'whsec_bare', logger: false, handlers: { minBackoffMs: 1 } });
kit.onAny((event, { attempt }) => {
  console.log(event.type, attempt);
  if (attempt === 1) throw new Error('once more');
  void kit.close();
});
const rawBody = Buffer.from('${Buffer.from(raw).toString('base64')}', 'base64');
kit.handleWebhook({ method: 'POST', url: '/', headers: ${JSON.stringify(headers)}, rawBody }).then(({ status }) => {
  console.log(status);
  return kit.start();
});
`;
}

describe.runIf(built).each(['esm', 'cjs'] as const)('as %s', (format) => {
  test.each([
    ['without globals that only some platforms have, and with timers that are numbers', BARE],
    ['without async contexts', WITHOUT_CONTEXTS],
    ['without either', BARE + WITHOUT_CONTEXTS],
  ])('%s, a delivery is recorded, handled and retried', async (_name, code) => {
    const { code: exit, out } = await runScript(format, script(), { env: preload(code) });
    expect([exit, out.split('\n')]).toEqual([
      0,
      ['200', 'payment.completed 1', 'payment.completed 2'],
    ]);
  });
});

test('fixtures are made where there is no structuredClone', () => {
  const before = [fixtures.v2['refund.denied'](), fixtures.v1.paymentCompleted()];
  vi.stubGlobal('structuredClone', undefined);
  const after = [fixtures.v2['refund.denied'](), fixtures.v1.paymentCompleted()];
  expect(after).toEqual(before);
  expect(after[0]).not.toBe(before[0]);
});
