import type { Clock } from '@qbitflow/core';
import { fixtures, type V2Fixture } from '@qbitflow/core/testing';

type Fields = Readonly<Record<string, unknown>>;

/** QBitFlow's API as a shop sees it for a year: literal answers, dated by the clock that the shop goes by. */
export interface PlayedApi {
  readonly fetch: typeof fetch;
  /** Paths that were asked for, decoded, without queries. */
  readonly asked: string[];
  /** A customer pays; resolves with the body that webhooks bring. */
  pay(uuid: string): V2Fixture;
  subscribe(uuid: string): V2Fixture;
  bill(subscriptionUuid: string, billUuid: string): V2Fixture;
  /** A checkout that is open, or has ended. */
  say(uuid: string, status: string): void;
  /** Asked about the one it answers with the other. */
  mixUp(uuid: string, other: string): void;
  /** What a checkout that is opened is answered with. */
  opens: object | undefined;
  /** How far its clock is ahead of the shop's, in ms. */
  leadMs: number;
  /** Whether its answers have a `Date` header. */
  saysDate: boolean;
}

const PAGE = 100;

/** An API that knows every id in whatever spelling, and answers in its own. */
export function playApi(clock: Clock): PlayedApi {
  const statuses = new Map<string, { readonly uuid: string; readonly status: string }>();
  const transactions = new Map<string, Fields>();
  const log: V2Fixture[] = [];
  const asked: string[] = [];
  let events = 0;

  const now = (): number => clock.now() + api.leadMs;

  function happens(
    type: 'payment.completed' | 'subscription.created' | 'subscription.billed',
    data: Fields,
  ): V2Fixture {
    events += 1;
    const at = new Date(now()).toISOString();
    const event = fixtures.v2[type]({
      id: `evt_${events}`,
      createdAt: at,
      data: { ...dated(now()), ...data },
    });
    log.unshift(event);
    return event;
  }

  function complete(event: V2Fixture): V2Fixture {
    const { managementPageLink: _onlyInWebhooks, ...data } = event.data;
    const uuid = String(data['uuid']);
    transactions.set(digitsOf(uuid), data);
    statuses.set(digitsOf(uuid), { uuid, status: 'completed' });
    return event;
  }

  function answerOf(url: URL): unknown {
    const [generation = '', ...path] = url.pathname.split('/').slice(1).map(decodeURIComponent);
    asked.push(`/${[generation, ...path].join('/')}`);
    if (path.includes('new')) return api.opens;
    if (path[0] === 'webhooks') return pageOf(url.searchParams.get('cursor'));
    if (path[1] === 'status') return statuses.get(digitsOf(url.searchParams.get('txUUID') ?? ''));
    const [, what = '', id = ''] = path;
    if (what === 'session-checkout') return statuses.get(digitsOf(id));
    const found = transactions.get(digitsOf(id));
    const isPayment = String(found?.['uuid']).startsWith('pay@');
    if (found === undefined || isPayment !== (what === 'payment')) return undefined;
    return generation === 'v1' ? asV1(found) : found;
  }

  function pageOf(cursor: string | null): unknown {
    const start = cursor === null ? 0 : log.findIndex(({ id }) => id === cursor) + 1;
    const items = log.slice(start, start + PAGE);
    return { items, nextCursor: start + PAGE < log.length ? items.at(-1)?.id : null };
  }

  const api: PlayedApi = {
    opens: undefined,
    mixUp(uuid, other) {
      statuses.set(digitsOf(uuid), { uuid, status: 'completed' });
      const answer = transactions.get(digitsOf(other));
      if (answer !== undefined) transactions.set(digitsOf(uuid), answer);
    },
    leadMs: 0,
    saysDate: true,
    asked,
    async fetch(input) {
      const answer = answerOf(new URL(input instanceof Request ? input.url : input));
      const init = api.saysDate ? { headers: { date: new Date(now()).toUTCString() } } : {};
      if (answer !== undefined) return Response.json(answer, init);
      return Response.json({ error: 'not found', code: 'not_found' }, { ...init, status: 404 });
    },
    pay: (uuid) => complete(happens('payment.completed', { uuid, reference: uuid })),
    subscribe: (uuid) => complete(happens('subscription.created', { uuid, reference: uuid })),
    bill: (subscriptionUuid, uuid) => happens('subscription.billed', { uuid, subscriptionUuid }),
    say(uuid, status) {
      statuses.set(digitsOf(uuid), { uuid, status });
    },
  };
  return api;
}

function dated(ms: number): Fields {
  const at = new Date(ms).toISOString();
  const blockData = { number: '21000000', timestamp: Math.floor(ms / 1000) };
  return { createdAt: at, updatedAt: at, confirmedAt: at, metadata: { txMetadata: { blockData } } };
}

/** v1 knows neither when it was confirmed nor what it was worth. */
function asV1({ confirmedAt: _c, paidUsd: _p, txHash, customerUuid, ...rest }: Fields): Fields {
  return { ...rest, transactionHash: txHash, customerUUID: customerUuid };
}

const digitsOf = (id: string): string =>
  id
    .replace(/^.*@/, '')
    .toLowerCase()
    .replaceAll(/[^0-9a-z]/g, '');
