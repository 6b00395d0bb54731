import { PassThrough } from 'node:stream';
import { createQBitFlow, type ReturnOptions } from '@qbitflow/core';
import { fakeClock } from '@qbitflow/core/testing';
import pino from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { startApi, type Answer } from '../api/support/api-server.js';
import { STATUS_PATH } from './support/shop.js';

/** Opens the success page of a kit that logs to a real pino, and gives the one error line. */
async function errorLine(
  options: Partial<ReturnOptions>,
  answer: Answer = { status: 200, json: { status: 'created' } },
): Promise<unknown> {
  const output = new PassThrough();
  let text = '';
  output.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const api = await startApi();
  api.on(STATUS_PATH, answer);
  const kit = createQBitFlow({
    apiKey: 'sk_test',
    baseUrl: `${api.origin}/v2`,
    webhookSecret: false,
    clock: fakeClock(),
    logger: pino({ level: 'error' }, output),
  });
  onTestFinished(async () => kit.close());
  const request = { method: 'GET', url: '/success?uuid=pay@1', headers: {} };
  await kit.handleReturn(request, { page: 'success', ...options });
  const lines = text.split('\n').filter((line) => line !== '');
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '');
}

test.each([
  [
    'authorize',
    'authorize_failed',
    'authorize failed: the customer was not let through',
    {
      authorize: async () => {
        throw new TypeError('the session store is away');
      },
    },
  ],
  [
    'render',
    'render_failed',
    'render failed: the default page was shown',
    {
      render: () => {
        throw new TypeError('the session store is away');
      },
    },
  ],
] as const)("a failing %s keeps its message and stack in pino's line", async (...row) => {
  const [, code, msg, options] = row;
  expect(await errorLine(options)).toMatchObject({
    level: 50,
    code,
    msg,
    err: {
      type: 'TypeError',
      message: 'the session store is away',
      stack: expect.stringContaining('merchant-failures.test.ts'),
    },
  });
});

test('so does an API that is down', async () => {
  expect(await errorLine({}, { status: 503 })).toMatchObject({
    code: 'status_not_asked',
    err: { type: 'ApiError', message: expect.any(String), stack: expect.any(String) },
  });
});
