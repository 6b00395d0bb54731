import { expect, test } from 'vitest';
import { EVENT_TYPES } from '../../src/event/types.js';
import {
  isFinal,
  meaningOf,
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

test('an event says the status with which its transaction is recorded as that event', () => {
  const said = Object.entries(EVENT_TYPES).flatMap(([type, row]) =>
    'status' in row ? [[type, row.status]] : [],
  );
  const recorded = rows.flatMap(([status]) => {
    const { records } = meaningOf({ status, generation: 'v2' });
    return [...new Set([records?.payment, records?.subscription])].map((type) => [type, status]);
  });
  expect(recorded.filter(([type]) => type !== undefined)).toEqual(said);
});
