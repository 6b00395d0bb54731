import { expect, it } from 'vitest';
import { KNOWN_EVENT_TYPES } from '../../src/event/types.js';
import { readReceived } from '../../src/webhook/parse-event.js';
import { toNewDelivery } from '../../src/webhook/record.js';
import { seededRandom } from '../support/seeded-random.js';

const UNDERSTOOD = [...KNOWN_EVENT_TYPES];
const UUID = '01a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e5f';

const TYPES: readonly unknown[] = [
  ...UNDERSTOOD,
  ...UNDERSTOOD.map((type) => `${type} `),
  ...UNDERSTOOD.map((type) => type.toUpperCase()),
  `payment.completed:pay@${UUID}`,
  'payment.completed:',
  ':payment.completed',
  'a:b',
  'a',
  '',
  'unknown',
  'unreadable',
  'unknown:payment.completed',
  'unknown%3Aa',
  'payout.completed',
  'billing',
  'status_transition',
  'paused',
  '__proto__',
  'constructor',
  'x'.repeat(600),
  'é',
  `payment.completed${'x'.repeat(600)}`,
  `payment.completed:${'x'.repeat(600)}`,
  null,
  7,
];
const IDS: readonly unknown[] = [
  `pay@${UUID}`,
  UUID,
  `PAY@${UUID.toUpperCase()}`,
  `sub@${UUID}`,
  'pay@1',
  '1',
  'evt_1',
  '',
  `sub-hist@${UUID}`,
  `refund@${UUID}`,
  'b:evt_1',
  'x:pay@1',
  'payment.completed:pay@1',
  null,
  `pay@${UUID}:pending:00000000000000000000000000000000`,
  `sha256-${'0'.repeat(64)}`,
  7,
];
const OBJECTS: readonly unknown[] = [{}, null, [], 'text', { uuid: 7 }, { amount: 'x' }];

function bodies(count: number): unknown[] {
  const next = seededRandom(20_261_101);
  const oneOf = (values: readonly unknown[]) => values[Math.floor(next() * values.length)];
  const maybe = (name: string, make: () => unknown) => (next() < 0.5 ? { [name]: make() } : {});
  const data = () =>
    next() < 0.2
      ? oneOf(OBJECTS)
      : {
          ...maybe('uuid', () => oneOf(IDS)),
          ...maybe('txUuid', () => oneOf(IDS)),
          ...maybe('txType', () => oneOf(['payment', 'createSubscription', 'refund', 7])),
          ...maybe('previousStatus', () => oneOf(['active', 'payment.completed', null])),
          ...maybe('updatedAt', () => oneOf(['pay@1', '2026-11-01T12:00:05.5Z', 7])),
        };
  const v2 = () => ({
    ...maybe('id', () => oneOf(IDS)),
    ...maybe('type', () => oneOf(TYPES)),
    ...maybe('version', () => oneOf(['v2', 'v1', 7])),
    ...maybe('createdAt', () => oneOf(['2026-10-01T12:00:00Z', 7])),
    ...maybe('data', data),
  });
  const v1 = () => ({
    ...maybe('uuid', () => oneOf(IDS)),
    ...maybe('txType', () =>
      oneOf(['payment', 'createSubscription', 'refund', 'payment.completed']),
    ),
    ...maybe('status', () => oneOf([{ status: 'completed' }, { status: 'expired' }, ...OBJECTS])),
    ...maybe('session', () => oneOf([{ uuid: oneOf(IDS), txType: 'payment' }, ...OBJECTS])),
    ...maybe('subscriptionUUID', () => oneOf(IDS)),
    ...maybe('type', () => oneOf(TYPES)),
    ...maybe('data', data),
  });
  const mixtures = [v2, v1, () => ({ ...v2(), ...v1() })];
  return Array.from({ length: count }, (_, index) => {
    const body = mixtures[index % mixtures.length]?.() ?? {};
    // A parser that knows no better keeps such a key as the object's own.
    const text = JSON.stringify(body);
    return JSON.parse(
      index % 50 === 0 ? text.replace('{"', '{"__proto__":{"id":"evt_1"},"') : text,
    );
  });
}

function recorded(value: unknown, presumed: 'v1' | 'v2') {
  const body = { kind: 'value', value } as const;
  const { version, parsed } = readReceived(presumed, body);
  const origin = { source: 'webhook', headers: {}, receivedAt: 0, mode: 'both' } as const;
  const delivery = toNewDelivery({ ...origin, version, body, parsed });
  const understood = parsed.ok && parsed.event.type !== 'unknown';
  return { ...delivery, understood, body: JSON.stringify(value) };
}

const made = bodies(30_000).flatMap((body) => [recorded(body, 'v1'), recorded(body, 'v2')]);
const understood = made.filter((delivery) => delivery.understood);
const others = made.filter((delivery) => !delivery.understood);
const beginning = (key: string): string => key.slice(0, key.indexOf(':'));

it('the bodies are of every kind', () => {
  expect(new Set(understood.map(({ type }) => type))).toEqual(new Set(UNDERSTOOD));
  expect(others.filter(({ dead }) => dead !== undefined).length).toBeGreaterThan(1_000);
  expect(others.filter(({ dead }) => dead === undefined).length).toBeGreaterThan(1_000);
});

it('the key of what is not understood is never the key of what is', () => {
  const keys = new Set(understood.map(({ key }) => key));
  expect(others.filter(({ key }) => keys.has(key))).toEqual([]);
});

it('nor can it become one: keys begin with the type, and no unknown one with an understood type', () => {
  const types = new Set(UNDERSTOOD);
  expect(understood.filter(({ key, type }) => beginning(key) !== type)).toEqual([]);
  expect(others.filter(({ key }) => types.has(beginning(key)))).toEqual([]);
  expect(others.filter(({ type }) => types.has(type))).toEqual([]);
});

it('what is not understood is kept apart from what is unreadable', () => {
  const dead = new Set(others.filter((each) => each.dead !== undefined).map(({ key }) => key));
  expect(others.filter((each) => each.dead === undefined && dead.has(each.key))).toEqual([]);
  const unknown = others.filter((each) => each.dead === undefined);
  expect(unknown.filter(({ type }) => type === 'unreadable')).toEqual([]);
});

it('two things that are not understood have one key only when they say the same', () => {
  const meaning = new Map<string, string>();
  for (const { key, dead, version, body } of others) {
    const sent: Record<string, unknown> = JSON.parse(body);
    // An envelope is named by type and id, all else by its whole content.
    const isNamed = dead === undefined && version === 'v2' && sent['id'] !== '';
    const says = JSON.stringify(isNamed ? [sent['type'], sent['id']] : sorted(sent));
    expect([key, meaning.get(key) ?? says]).toEqual([key, says]);
    meaning.set(key, says);
  }
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, sorted(inner)] as const);
  return entries.toSorted(([left], [right]) => (left < right ? -1 : 1));
}

it('who presumes what has no say in how a body is read', () => {
  for (let index = 0; index < made.length; index += 2) {
    const [asV1, asV2] = [made[index], made[index + 1]];
    expect(asV1?.key).toBe(asV2?.key);
    expect(asV1?.type).toBe(asV2?.type);
    expect(asV1?.understood).toBe(asV2?.understood);
  }
});

it('what merely stands in for a missing id is not taken for one', () => {
  const body = { id: 'pay@1', type: 'payment.completed', version: 'v2', data: {} };
  const named = { ...body, id: 'evt_1', data: { uuid: 'pay@1' } };
  expect(recorded(named, 'v2').key).toBe('payment.completed:pay@1');
  expect(recorded(body, 'v2').key).not.toBe('payment.completed:pay@1');
});

it('a type of the future keeps its key and its type, so that a later kit finds it under the same', () => {
  const body = { id: 'evt_9', type: 'payout.completed', version: 'v2', data: {} };
  expect(recorded(body, 'v2')).toMatchObject({
    key: 'payout.completed:evt_9',
    type: 'payout.completed',
  });
});
