import { createQBitFlow } from '@qbitflow/core';
import express from 'express';
import { expect, onTestFinished, test, vi } from 'vitest';
import { webhookHandler } from '../src/index.js';
import { serve } from './support/serve.js';

test("an answer that somebody's wrapper refuses is a 500, and the merchant is told", async () => {
  const qbitflow = createQBitFlow({ webhookSecret: 'whsec_test', logger: false });
  onTestFinished(async () => qbitflow.close());
  const told: unknown[] = [];
  qbitflow.onError((error, { stage }) => told.push([stage, error.message]));
  const app = express();
  app.use((_request, response, next) => {
    const writeHead: unknown = Reflect.get(response, 'writeHead');
    Reflect.set(response, 'writeHead', () => {
      Reflect.set(response, 'writeHead', writeHead);
      throw new TypeError('a header that cannot be sent');
    });
    next();
  });
  app.all('/webhook', webhookHandler(qbitflow));
  const answer = await fetch(`${await serve(app)}/webhook`);
  expect([answer.status, await answer.json()]).toEqual([500, { error: 'internal error' }]);
  await vi.waitFor(() => expect(told).toEqual([['respond', 'a header that cannot be sent']]));
});
