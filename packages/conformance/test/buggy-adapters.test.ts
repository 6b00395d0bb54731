import type { Endpoint, HttpRequest, HttpResponse } from '@qbitflow/core/adapter';
import { expect, test } from 'vitest';
import { failingAdapterCases, modelAdapter, type ModelAdapter } from './support/model-adapter.js';

/** A machine that does much else besides must not fail a test. In ms. */
const TIMEOUT_MS = 120_000;

test('a correct adapter fails nothing', { timeout: TIMEOUT_MS }, async () => {
  expect(await failingAdapterCases(modelAdapter)).toEqual([]);
});

/** An adapter that sees requests otherwise than they are. */
const seeing =
  (change: (request: HttpRequest) => Partial<HttpRequest>) =>
  (adapter: ModelAdapter): ModelAdapter => ({
    ...adapter,
    toRequest(asked) {
      const request = adapter.toRequest(asked);
      return { ...request, ...change(request) };
    },
  });

/** An adapter that answers otherwise than core says. */
const answering =
  (change: (answer: HttpResponse) => HttpResponse | Promise<HttpResponse>) =>
  (adapter: ModelAdapter): ModelAdapter => ({
    ...adapter,
    answer(endpoint, request, response) {
      const changed: Endpoint = async (asked) => change(await endpoint(asked));
      adapter.answer(changed, request, response);
    },
  });

const bugs: readonly (readonly [string, (adapter: ModelAdapter) => ModelAdapter, string[]])[] = [
  [
    'tells core no body parser’s findings',
    seeing(() => ({ body: undefined, rawBody: undefined })),
    [
      'body: behind a parser (raw) deliveries of both generations are taken in',
      'body: behind a parser (text) deliveries of both generations are taken in',
      'body: behind a parser (json and bytes) deliveries of both generations are taken in',
      'body: behind a parser (json) v1 is taken in, v2 is 500 with the remedy, and the kit is told',
    ],
  ],
  [
    'forgets rawBody',
    seeing(() => ({ rawBody: undefined })),
    ['body: behind a parser (json and bytes) deliveries of both generations are taken in'],
  ],
  [
    'keeps the stream to itself',
    seeing(() => ({ stream: undefined })),
    [
      'body: the largest one is taken in, one byte more is 413',
      'body: byte by byte, in letters of several bytes, it is taken in',
      'webhook: a delivery is answered as core answers it, and reaches its handler once',
    ],
  ],
  [
    'sees POST in everything',
    seeing(() => ({ method: 'POST' })),
    [
      'routes: another method is 405 and told which is allowed',
      'webhook: another method is 405 and told which is allowed',
      'checkout: what is not sold is 400, what is not POST 405',
    ],
  ],
  [
    'drops headers',
    seeing(({ headers }) => ({
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'cookie')),
    })),
    [
      'success: authorize sees the request with its full URL and its headers',
      'cancel: authorize sees the request with its full URL and its headers',
      'status: authorize decides who may listen',
    ],
  ],
  [
    'drops the query',
    seeing(({ url }) => ({ url: url.split('?')[0] ?? '' })),
    [
      'success: authorize sees the request with its full URL and its headers',
      'success: an unknown payment is 404, no id 400',
      'success: a paid and an open payment are told as the API tells them',
    ],
  ],
  [
    'believes whoever names a client',
    seeing(({ headers }) => ({ client: String(headers['x-forwarded-for']).split(', ').at(-1) })),
    ['client: the address is that of the socket, whatever a header says'],
  ],
  [
    'knows the socket only',
    seeing(({ stream }) => ({ client: Reflect.get(Object(stream), 'socket').remoteAddress })),
    ['client: the address is whom a proxy names that the app trusts'],
  ],
  [
    'answers 200 whatever happens',
    answering((answer) => ({ ...answer, status: 200 })),
    [
      'webhook: a forged delivery is 401, without a reason',
      'webhook: a store that is away is 503, told to the kit and not to the app',
      'status: whoever has heard the end is told to stay away',
    ],
  ],
  [
    'leaves headers out',
    answering((answer) => ({ ...answer, headers: {} })),
    [
      'webhook: a delivery is answered as core answers it, and reaches its handler once',
      'success: a browser is sent on where the merchant says so',
      'checkout: a client that prefers HTML is sent to the hosted page',
      'status: events arrive as they happen, compressed by nobody, and end with the truth',
    ],
  ],
  [
    'keeps a stream until it is whole',
    answering(async (answer) => {
      if (answer.stream === undefined) return answer;
      const chunks: unknown[] = await answer.stream.toArray();
      return { ...answer, stream: undefined, body: chunks.join('') };
    }),
    [
      'status: events arrive as they happen, compressed by nobody, and end with the truth',
      'status: viewers share what is asked, and those that leave are let go of',
      'status: the routes have it too',
    ],
  ],
  [
    'writes on to those that left',
    (adapter) => ({
      ...adapter,
      answer(endpoint, request, response) {
        // Whatever it would do at the end of the connection it does not.
        response.once = () => response;
        adapter.answer(endpoint, request, response);
      },
    }),
    [
      'status: viewers share what is asked, and those that leave are let go of',
      'status: a viewer that closes its tab is let go of, and is no error of the app',
    ],
  ],
  [
    'minds the case of letters',
    (adapter) => ({
      ...adapter,
      find: (routes, { url, ...rest }) =>
        /[A-Z]/.test(rest.originalUrl) && !url.startsWith('/status')
          ? undefined
          : adapter.find(routes, { ...rest, url }),
    }),
    ['routes: /QBITFLOW/webhook is the webhook', 'routes: /qbitflow/Webhook is the webhook'],
  ],
  [
    'does not know absolute targets',
    (adapter) => ({
      ...adapter,
      find: (routes, request) =>
        request.originalUrl.startsWith('/') ? adapter.find(routes, request) : undefined,
    }),
    [
      'routes: http://shop.example/qbitflow/webhook is the webhook',
      'routes: HTTP://shop.example:80/qbitflow/webhook?from=proxy is the webhook',
    ],
  ],
  [
    'takes every path below its own',
    (adapter) => ({
      ...adapter,
      find: (routes, request) => adapter.find(routes, request) ?? routes[0]?.endpoint,
    }),
    ['routes: other paths go on to the app'],
  ],
];

for (const [name, spoil, expected] of bugs)
  test.concurrent(
    `an adapter that ${name} fails`,
    async () => {
      const only = (named: string) => expected.includes(named);
      // Each of them has to fail: the sooner, the better.
      const impatient = { only, patienceMs: 400, timeoutMs: 10_000 };
      const failed = await failingAdapterCases(spoil(modelAdapter), impatient);
      expect(failed.toSorted()).toEqual(expected.toSorted());
    },
    TIMEOUT_MS,
  );
