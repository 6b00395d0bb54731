import { deepEqual, equal } from 'node:assert/strict';
import type { AdapterCase } from './adapter-harness.js';
import { OPEN, PAID, v2Delivery } from './adapter-harness.js';
import { ask, post } from './http-client.js';

/** All routes below a path: `qbitflowRouter` and its like. */
const QUERY = `?uuid=${encodeURIComponent(PAID)}&type=payment`;

const BELOW = ['', '/qbitflow', '/shop/qbitflow'];

/** Paths that are none of the kit's when its routes are below `/qbitflow`. */
const THE_APPS_OWN = [
  '/',
  '/qbitflow',
  '/qbitflow/',
  '/qbitflow/webhook/x',
  '/qbitflow/webhook%2f',
  '/qbitflow/webhooks',
  '/qbitflow/other',
  '/qbitflow/status',
  '/webhook',
  '/webhook?from=elsewhere',
];

const THE_WEBHOOK = [
  '/qbitflow/webhook/',
  '/qbitflow/webhook?endpoint=1',
  '/qbitflow/webhook/?endpoint=1',
  'http://shop.example/qbitflow/webhook',
];

const IN_OTHER_CASE = ['/QBITFLOW/webhook', '/qbitflow/Webhook'];

const OF_ANY_SCHEME = ['HTTP://shop.example:80/qbitflow/webhook?from=proxy'];

const below: readonly AdapterCase[] = BELOW.map((path) => ({
  name: `routes: all of them work below '${path}'`,
  async run({ openApp }) {
    const { origin } = await openApp({ what: 'router', path });
    const delivered = await post(origin, `${path}/webhook`, v2Delivery());
    deepEqual([delivered.status, delivered.text], [200, '{"received":true}']);
    for (const page of ['success', 'cancel'])
      equal((await ask(origin, `${path}/${page}${QUERY}`)).status, 200, page);
    const told = await ask(origin, `${path}/status/${encodeURIComponent(OPEN)}`);
    equal(told.status, 200, 'status');
    equal(JSON.parse(told.text).state, 'waiting');
  },
}));

const theWebhook: readonly AdapterCase[] = [
  ...isTheWebhook(THE_WEBHOOK),
  ...isTheWebhook(IN_OTHER_CASE, ({ ignoresCase }) => ignoresCase),
  ...isTheWebhook(OF_ANY_SCHEME, ({ readsAnyScheme }) => readsAnyScheme),
];

function isTheWebhook(
  targets: readonly string[],
  needs: AdapterCase['needs'] = () => true,
): readonly AdapterCase[] {
  return targets.map((target) => ({
    name: `routes: ${target} is the webhook`,
    needs,
    async run({ openApp }) {
      const { origin } = await openApp({ what: 'router', path: '/qbitflow' });
      equal((await post(origin, target, v2Delivery())).status, 200);
    },
  }));
}

/** What the routes of an adapter owe the app around them. */
export const routeCases: readonly AdapterCase[] = [
  ...below,
  {
    name: "routes: all of them work in a router of the app's own",
    async run({ openApp }) {
      const { origin } = await openApp({ what: 'router', path: '/pay/qbitflow', nested: true });
      equal((await post(origin, '/pay/qbitflow/webhook', v2Delivery())).status, 200);
      equal((await ask(origin, `/pay/qbitflow/success${QUERY}`)).status, 200);
      equal((await ask(origin, `/pay/qbitflow/cancel`)).status, 400);
      equal((await ask(origin, `/success${QUERY}`)).status, 299);
    },
  },
  ...theWebhook,
  {
    name: 'routes: another method is 405 and told which is allowed',
    async run({ openApp }) {
      const { origin } = await openApp({ what: 'router', path: '/qbitflow' });
      for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        const { status, headers } = await ask(origin, '/qbitflow/webhook', { method });
        deepEqual([method, status, headers.allow], [method, 405, 'POST']);
      }
      for (const page of ['success', 'cancel'])
        for (const method of ['POST', 'PUT', 'DELETE']) {
          const { status, headers } = await ask(origin, `/qbitflow/${page}${QUERY}`, { method });
          deepEqual([page, method, status, headers.allow], [page, method, 405, 'GET, HEAD']);
        }
    },
  },
  {
    name: 'routes: other paths go on to the app',
    async run({ openApp }) {
      const { origin } = await openApp({ what: 'router', path: '/qbitflow' });
      for (const path of THE_APPS_OWN)
        for (const method of ['GET', 'POST']) {
          const { status, text } = await ask(origin, path, { method });
          deepEqual([method, status, text], [method, 299, path]);
        }
    },
  },
  {
    name: 'routes: the options of each page reach it',
    async run({ openApp }) {
      const options = {
        success: { timeoutMs: 10_000, redirects: { paid: '/thanks' }, authorize: () => true },
        cancel: { timeoutMs: 10_000, redirects: { paid: '/paid-after-all' } },
        status: { authorize: () => false },
      };
      const { origin } = await openApp({ what: 'router', path: '/qbitflow', options });
      const headers = { accept: 'text/html' };
      const success = await ask(origin, `/qbitflow/success${QUERY}`, { headers });
      const cancel = await ask(origin, `/qbitflow/cancel${QUERY}`, { headers });
      deepEqual(
        [success.headers.location, cancel.headers.location],
        ['/thanks', '/paid-after-all'],
      );
      const status = await ask(origin, `/qbitflow/status/${encodeURIComponent(PAID)}`);
      equal(status.status, 404);
    },
  },
];
