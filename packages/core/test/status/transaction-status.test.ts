import { expect, test } from 'vitest';
import {
  isFinal,
  meaningOf,
  statusOfEvent,
  stepOf,
  type StatusMeaning,
} from '../../src/status/transaction-status.js';

const rows: [status: string, v1: StatusMeaning['state'], v2: StatusMeaning['state']][] = [
  ['created', 'waiting', 'waiting'],
  ['waitingConfirmation', 'waiting', 'waiting'],
  ['pending', 'waiting', 'waiting'],
  ['completed', 'paid', 'paid'],
  ['failed', 'failed', 'waiting'],
  ['cancelled', 'failed', 'waiting'],
  ['expired', 'expired', 'expired'],
  ['newer than this kit', 'waiting', 'waiting'],
  ['constructor', 'waiting', 'waiting'],
  ['', 'waiting', 'waiting'],
];

test.each(rows)(
  '%s says %s on v1 and %s on v2, and is final but for what waits',
  (status, v1, v2) => {
    for (const [generation, state] of [
      ['v1', v1],
      ['v2', v2],
    ] as const) {
      const meaning = meaningOf({ status, generation });
      expect([meaning.state, meaning.final]).toEqual([state, state !== 'waiting']);
      const report = { uuid: 'pay@1', status, generation };
      expect(isFinal({ kind: 'report', report })).toBe(meaning.final);
    }
  },
);

test('a status that nobody knows yet is no step, with a hash or without', () => {
  const report = { uuid: 'pay@1', status: 'refunded', generation: 'v2', txHash: '0xabc' } as const;
  expect(stepOf(report)).toBeUndefined();
  expect(stepOf({ ...report, status: 'pending' })).toBe('confirming');
  expect(stepOf({ ...report, status: 'pending', txHash: '' })).toBe('sent');
});

test.each([
  ['payment.completed', 'completed'],
  ['subscription.created', 'completed'],
  ['checkout.expired', 'expired'],
  ['subscription.billed', undefined],
  ['constructor', undefined],
])('an event %s says that its transaction is %s', (type, status) => {
  expect(statusOfEvent(type)).toBe(status);
});
