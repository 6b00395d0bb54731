import { expect, it } from 'vitest';
import { fixtures } from '../../../src/testing/index.js';
import { readBody } from '../../../src/protocol/index.js';
import { canonicalJson } from '../../../src/protocol/v1/canonical-json.js';

const POISON = '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}';

function poisoned(body: object): unknown {
  return JSON.parse(JSON.stringify(body).replaceAll('{"', `{${POISON},"`));
}

it('is part of what was signed', () => {
  expect(canonicalJson(JSON.parse('{"b":1,"__proto__":{"a":2}}'))).toBe(
    '{"__proto__":{"a":2},"b":1}',
  );
});

it.each([
  ['v2', fixtures.v2['payment.completed']()],
  ['v1', fixtures.v1.paymentCompleted()],
  ['v1', fixtures.v1.subscriptionBilled()],
  ['v1', fixtures.v1.subscriptionStatusChanged()],
] as const)('pollutes nothing through %s bodies', (version, body) => {
  const result = readBody(version, poisoned(body)).parsed;
  expect(result).toMatchObject({ ok: true });
  if (!result.ok) return;
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
  expect(Reflect.get(Object(result.event.data), 'polluted')).toBeUndefined();
  expect(Object.getPrototypeOf(result.event.data)).toBe(Object.prototype);
});

it.each(['__proto__', 'constructor', 'toString'])('the event type %s is merely unknown', (type) => {
  expect(readBody('v2', { ...fixtures.v2['webhook.test'](), type }).parsed).toMatchObject({
    ok: true,
    event: { type: 'unknown', sentType: type },
  });
});
