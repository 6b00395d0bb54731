import type { ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/index.js';
import { createJudge } from '../shapes/judge.js';
import { startReceiver, type Receiver } from './receiver.js';

/** A sandbox with fast retries, closed after the test, which fails if an event was not QBitFlow's. */
export async function openSandbox(
  options: SandboxOptions = {},
  judge: (sandbox: Sandbox) => void = judgeEvents,
): Promise<Sandbox> {
  const sandbox = await startSandbox({ retryDelaysMs: [10, 10, 10], ...options });
  onTestFinished(async () => {
    await sandbox.close();
    judge(sandbox);
  });
  return sandbox;
}

/** For tests that set fields of events to what is not QBitFlow's. */
export const unjudged = (): void => undefined;

/** What the scenario `future-type` invents, and faults that tests invent, have no shape, by their purpose. */
const INVENTED = /loyalty|^of_the_future$/i;

/** Throws for an event that is not QBitFlow's. Those without a session are a test's own, sent with `send`. */
function judgeEvents({ events }: Sandbox): void {
  const judge = createJudge();
  for (const { version, type, text, sessionUuid } of events)
    if (sessionUuid !== undefined && !INVENTED.test(type)) judge.webhook(version, JSON.parse(text));
}

/** A sandbox and a merchant's endpoint it delivers to, both closed after the test. */
export async function openWorld(
  options: SandboxOptions = {},
  answer?: (response: ServerResponse, number: number) => void,
  judge?: (sandbox: Sandbox) => void,
): Promise<{ sandbox: Sandbox; receiver: Receiver }> {
  const receiver = await startReceiver(answer);
  onTestFinished(() => receiver.close());
  const sandbox = await openSandbox({ webhookUrl: receiver.url, ...options }, judge);
  return { sandbox, receiver };
}

/** An answer of the API. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** Calls the API with the key; throws for an answer of `/v1` or `/v2` that is not QBitFlow's. */
export async function call(
  sandbox: Sandbox,
  request: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const [method = 'GET', path = '/'] = request.split(' ');
  const response = await fetch(sandbox.url + path, {
    method,
    redirect: 'manual',
    headers: { 'x-api-key': sandbox.apiKey, ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const answered = objectIn(await response.text());
  if (/^\/v[12]\//.test(path) && !INVENTED.test(String(answered['code'])))
    createJudge().answer(request, response.status, answered);
  return { status: response.status, headers: response.headers, body: answered };
}

function objectIn(text: string): Record<string, unknown> {
  const value: unknown = text === '' ? {} : JSON.parse(text);
  return Object(value);
}

export const payment = {
  productName: 'Blue T-shirt',
  description: 'Size M',
  price: 4.99,
  successUrl: 'http://127.0.0.1:9/success?uuid={{UUID}}&type={{TRANSACTION_TYPE}}',
  cancelUrl: 'http://127.0.0.1:9/cancel?session={{UUID}}',
};

export const subscription = { ...payment, frequency: { value: 1, unit: 'months' } };

/** Opens a session over v2's API and returns its id. */
export async function openPayment(sandbox: Sandbox, changes: object = {}): Promise<string> {
  const path = 'POST /v2/transaction/session-checkout/new/payment';
  const { body } = await call(sandbox, path, { ...payment, ...changes });
  return String(body['uuid']);
}

/** The same for a subscription. */
export async function openSubscription(sandbox: Sandbox, changes: object = {}): Promise<string> {
  const path = 'POST /v2/transaction/session-checkout/new/subscription';
  const { body } = await call(sandbox, path, { ...subscription, ...changes });
  return String(body['uuid']);
}
