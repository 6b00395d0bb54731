import { deepEqual, equal, match } from 'node:assert/strict';
import { memoryStore } from '@qbitflow/core';
import type { AdapterCase } from './adapter-harness.js';
import { v1Delivery, v2Delivery } from './adapter-harness.js';
import { ask, post } from './http-client.js';

const WEBHOOK = { what: 'webhook', path: '/webhook' } as const;

/** A delivery's way through one mounted handler. */
export const webhookCases: readonly AdapterCase[] = [
  {
    name: 'webhook: a delivery is answered as core answers it, and reaches its handler once',
    async run({ openApp, waitFor }) {
      const { origin, events } = await openApp(WEBHOOK);
      const first = await post(origin, '/webhook', v2Delivery());
      deepEqual([first.status, first.text], [200, '{"received":true}']);
      equal(first.headers['content-type'], 'application/json; charset=utf-8');
      equal(first.headers['content-length'], '17');
      await waitFor('the event at its handler', () => events[0]);
      for (const again of [v2Delivery(), v1Delivery()]) {
        const { text } = await post(origin, '/webhook', again);
        deepEqual(JSON.parse(text), { received: true, duplicate: true });
      }
      equal(events.length, 1);
    },
  },
  {
    name: 'webhook: a forged delivery is 401, without a reason',
    async run({ openApp }) {
      const { origin, appErrors } = await openApp(WEBHOOK);
      const { body, headers } = v2Delivery();
      const forged = { headers, body: Buffer.concat([body, Buffer.from(' ')]) };
      const { status, text } = await post(origin, '/webhook', forged);
      deepEqual([status, text], [401, '{"error":"invalid signature"}']);
      deepEqual(appErrors, []);
    },
  },
  {
    name: 'webhook: another method is 405 and told which is allowed',
    async run({ openApp }) {
      const { origin } = await openApp(WEBHOOK);
      const { status, headers } = await ask(origin, '/webhook');
      deepEqual([status, headers.allow], [405, 'POST']);
    },
  },
  {
    name: 'webhook: what the app has set before is answered too',
    async run({ openApp }) {
      const { origin } = await openApp(WEBHOOK);
      const { status, headers } = await post(origin, '/webhook', v2Delivery());
      deepEqual([status, headers['x-shop']], [200, 'yes']);
    },
  },
  {
    name: 'webhook: a store that is away is 503, told to the kit and not to the app',
    async run({ openApp, waitFor }) {
      const record = async () => Promise.reject(new Error('the store is away'));
      const store = Object.assign(memoryStore(), { record });
      const { origin, kitErrors, appErrors } = await openApp(WEBHOOK, { kit: { store } });
      const { status } = await post(origin, '/webhook', v2Delivery());
      equal(status, 503);
      match(await waitFor('onError', () => kitErrors[0]), /store/);
      deepEqual(appErrors, []);
    },
  },
];
