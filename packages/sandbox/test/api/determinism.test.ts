import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import type { Sandbox } from '../../src/index.js';
import { openWorld, payment, subscription } from '../support/world.js';

/** Numbers in [0, 1) that are the same for every run: a linear congruential generator. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

const sessions = '/transaction/session-checkout';

/** Every call of both generations, in the states there are; `$` stands for the last session's id. */
const calls: readonly (readonly [request: string, body?: object])[] = [
  [`POST /v2${sessions}/new/payment`, { ...payment, reference: 'order-1' }],
  [`POST /v2${sessions}/new/payment`, { ...payment, reference: 'order-1' }],
  [`POST /sandbox/sessions/$/fail`],
  [`GET /v2${sessions}/$/status`],
  [`POST /sandbox/sessions/$/pay`],
  ['GET /v2/transaction/payment/$'],
  ['GET /v1/transaction/payment/$'],
  [`POST /v2${sessions}/$/expire`],
  [`POST /v1${sessions}/new/subscription`, subscription],
  [`GET /v1${sessions}/$`],
  [`POST /sandbox/sessions/$/pay`],
  ['GET /v1/transaction/subscription/$'],
  ['GET /v2/transaction/subscription/$'],
  [`POST /sandbox/sessions/$/bill`],
  [`POST /sandbox/sessions/$/cancel`],
  [`POST /v1${sessions}/`, payment],
  ['GET /v1/transaction/status?txUUID=$&txType=payment'],
  [`POST /v2${sessions}/$/expire`],
  [`POST /v2${sessions}/new/payment`, { price: -1 }],
  ['GET /v2/me'],
  ['GET /v2/nothing'],
  ['POST /sandbox/secret/rotate'],
];

async function ask(sandbox: Sandbox, request: string, body?: object): Promise<string> {
  const [method = 'GET', path = '/'] = request.split(' ');
  const response = await fetch(sandbox.url + path, {
    method,
    headers: { 'x-api-key': sandbox.apiKey },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return `${response.status} ${response.headers.get('x-request-id') ?? ''} ${await response.text()}`;
}

async function play(seed: number): Promise<string[]> {
  const { sandbox, receiver } = await openWorld({
    random: seeded(seed),
    clock: fakeClock(),
    deliver: 'both',
  });
  const answers: string[] = [];
  for (const [request, body] of calls) {
    const uuid = sandbox.sessions.at(-1)?.uuid ?? '';
    answers.push(await ask(sandbox, request.replace('$', uuid), body));
    await sandbox.idle();
  }
  for (const { id, version } of sandbox.events)
    if (version === 'v2') answers.push(await ask(sandbox, `GET /v2/webhooks/events/${id}`));
  answers.push(await ask(sandbox, 'GET /v2/webhooks/events?limit=100'));
  return answers.map((text) =>
    text.replaceAll(sandbox.url, 'SANDBOX').replaceAll(receiver.url, 'SHOP'),
  );
}

test('the same calls get the same bytes with the same seed, and others with another', async () => {
  const [first, second, other] = [await play(1), await play(1), await play(2)];
  expect(second).toEqual(first);
  expect(first.length).toBeGreaterThan(calls.length + 4);
  expect(other[0]).not.toBe(first[0]);
});
