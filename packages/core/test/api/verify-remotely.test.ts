import { expect, test } from 'vitest';
import { verifyRemotely } from '../../src/api/verify-remotely.js';
import type { Delivery } from '../../src/protocol/generation.js';
import { apiRulesNamed } from '../../src/protocol/api-rules.js';
import { type Answer, startApi } from './support/api-server.js';
import { client, rejectionOf } from './support/kit.js';

interface RemoteDelivery extends Delivery {
  readonly version: 'v1' | 'v2';
}

const v1: RemoteDelivery = {
  version: 'v1',
  body: { kind: 'value', value: { uuid: 'pay@1' } },
  headers: { 'x-webhook-signature-256': 'sha256=ab', 'x-webhook-timestamp': '1700000000' },
};
const v2: RemoteDelivery = {
  version: 'v2',
  body: { kind: 'bytes', bytes: Buffer.from('{"a": 1}') },
  headers: { 'qbitflow-signature': 't=1,v1=ab' },
};

async function ask(delivery: RemoteDelivery, answer: Answer) {
  const { version } = delivery;
  const api = await startApi();
  api.on(`/${version}/webhooks/verify`, answer);
  // The base names the other generation on purpose: the delivery decides.
  const base = version === 'v1' ? 'v2' : 'v1';
  const question = apiRulesNamed(version).remoteQuestion(delivery, 'ep_1');
  const verdict = verifyRemotely(client(`${api.origin}/${base}`), question, { timeoutMs: 1_500 });
  return { api, verdict };
}

test('asks v1 for a v1 delivery', async () => {
  const { api, verdict } = await ask(v1, { status: 200, json: { message: 'ok' } });
  expect(await verdict).toBe('genuine');
  expect(api.requests[0]?.body).toBe(
    '{"payload":{"uuid":"pay@1"},"receivedSignature":"sha256=ab","receivedTimestamp":"1700000000"}',
  );
});

test('asks v2 for a v2 delivery, the body as text', async () => {
  const { api, verdict } = await ask(v2, { status: 204 });
  expect(await verdict).toBe('genuine');
  expect(api.requests[0]?.body).toBe(
    '{"endpointUuid":"ep_1","body":"{\\"a\\": 1}","signature":"t=1,v1=ab"}',
  );
});

test('a named refusal is a refusal', async () => {
  const refusedV1 = await ask(v1, { status: 400, json: { error: 'no' } });
  expect(await refusedV1.verdict).toBe('refused');
  const refusedV2 = await ask(v2, {
    status: 400,
    json: { error: 'no', code: 'invalid_signature' },
  });
  expect(await refusedV2.verdict).toBe('refused');
});

test.each<[string, RemoteDelivery, Answer]>([
  ['v1 500', v1, { status: 500 }],
  ['v1 401', v1, { status: 401 }],
  ['v1 404', v1, { status: 404 }],
  ['v1 202', v1, { status: 202, json: { message: 'later' } }],
  ['v1 200 of something else', v1, { status: 200, text: '<html>' }],
  ['v1 200 of nothing', v1, { status: 200 }],
  ['v1 redirect', v1, { status: 302, headers: { location: '/' } }],
  ['v1 no answer', v1, (response) => response.destroy()],
  ['v1 silence', v1, () => undefined],
  ['v2 500', v2, { status: 500 }],
  ['v2 429', v2, { status: 429 }],
  ['v2 403', v2, { status: 403, json: { code: 'invalid_signature' } }],
  ['v2 400 for another reason', v2, { status: 400, json: { code: 'validation_failed' } }],
  ['v2 200 of something else', v2, { status: 200, text: '<html>' }],
])('%s decides nothing', async (_what, delivery, answer) => {
  const { api, verdict } = await ask(delivery, answer);
  expect(await rejectionOf(verdict)).toMatchObject({ name: 'ApiError' });
  expect(api.requests).toHaveLength(1);
});
