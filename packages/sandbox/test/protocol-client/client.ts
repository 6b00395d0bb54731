import { createHmac } from 'node:crypto';
import type { Received, Receiver } from '../support/receiver.js';
import type { Judge } from '../shapes/judge.js';

// A client of QBitFlow's API that knows the protocol and nothing else: no kit, no SDK, none of the sandbox's names.

/** Where an API is and what opens it. */
export interface Access {
  /** Without `/v1` or `/v2`. */
  readonly url: string;
  readonly apiKey: string;
}

/** An answer, judged by its shape. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Call {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

type Send = (method: string, path: string, call?: Call) => Promise<Answer>;

function sender({ url, apiKey }: Access, judge: Judge): Send {
  return async (method, path, { body, headers = {} } = {}) => {
    const response = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: { 'X-API-Key': apiKey, 'Content-Type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    judge.answer(`${method} ${path}`, response.status, answer);
    return { status: response.status, headers: response.headers, body: Object(answer) };
  };
}

function queryOf(parameters: Readonly<Record<string, string>>): string {
  return new URLSearchParams(parameters).toString();
}

const SESSIONS = '/transaction/session-checkout';

/** v2's calls in scope. Ids are percent-encoded, as the protocol wants them in paths. */
export function clientV2(access: Access, judge: Judge) {
  const send = sender(access, judge);
  const to = (path: string) => `/v2${path}`;
  const ofSession = (uuid: string) => to(`${SESSIONS}/${encodeURIComponent(uuid)}`);
  const create = (kind: string) => async (body: unknown, key?: string) =>
    send('POST', to(`${SESSIONS}/new/${kind}`), {
      body,
      headers: key === undefined ? {} : { 'Idempotency-Key': key },
    });
  return {
    send,
    createPayment: create('payment'),
    createSubscription: create('subscription'),
    expire: async (uuid: string) => send('POST', `${ofSession(uuid)}/expire`),
    status: async (uuid: string) => send('GET', `${ofSession(uuid)}/status`),
    payment: async (uuid: string) =>
      send('GET', to(`/transaction/payment/${encodeURIComponent(uuid)}`)),
    subscription: async (uuid: string) =>
      send('GET', to(`/transaction/subscription/${encodeURIComponent(uuid)}`)),
    events: async (query: Readonly<Record<string, string>> = {}) =>
      send('GET', to(`/webhooks/events?${queryOf(query)}`)),
    event: async (id: string) => send('GET', to(`/webhooks/events/${encodeURIComponent(id)}`)),
    verify: async (body: unknown) => send('POST', to('/webhooks/verify'), { body }),
    me: async () => send('GET', to('/me')),
  };
}

/** v1's calls in scope, those of SDK 1.x too. */
export function clientV1(access: Access, judge: Judge) {
  const send = sender(access, judge);
  const to = (path: string) => `/v1${path}`;
  const create = (kind: string) => async (body: unknown) =>
    send('POST', to(`${SESSIONS}/new/${kind}`), { body });
  return {
    send,
    createPayment: create('payment'),
    createSubscription: create('subscription'),
    /** As SDK 1.x opens both kinds. */
    createLegacy: async (body: unknown) => send('POST', to(`${SESSIONS}/`), { body }),
    session: async (uuid: string) =>
      send('GET', to(`${SESSIONS}/${encodeURIComponent(uuid)}?closeToExpireError=false`)),
    status: async (uuid: string, txType: string) =>
      send('GET', to(`/transaction/status?${queryOf({ txUUID: uuid, txType })}`)),
    legacyStatus: async (uuid: string, type: string) => {
      const query = { transactionUUID: uuid, transactionStatusType: type };
      return send('GET', to(`/transaction/status?${queryOf(query)}`));
    },
    payment: async (uuid: string) =>
      send('GET', to(`/transaction/payment/${encodeURIComponent(uuid)}`)),
    subscription: async (uuid: string) =>
      send('GET', to(`/transaction/subscription/${encodeURIComponent(uuid)}`)),
    verify: async (body: unknown) => send('POST', to('/webhooks/verify'), { body }),
  };
}

/** protocol §3: hex(HMAC-SHA256(secret, t + "." + body)), with `t` in Unix seconds. */
export function digestOf(secret: string, t: number, body: string): string {
  return createHmac('sha256', secret).update(`${t}.${body}`).digest('hex');
}

/** The first delivery that came to a receiver. */
export function firstOf({ received: [first] }: Receiver): Received {
  if (first === undefined) throw new Error('nothing was delivered');
  return first;
}
