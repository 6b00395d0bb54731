import { expect, test } from 'vitest';
import { HeardReports } from '../../src/status/heard.js';

const report = (status: string) => ({ uuid: '', status, generation: 'v2' }) as const;

function heard(capacity = 10_000) {
  const sorted: string[] = [];
  const reports = new HeardReports(capacity);
  const ask = () => reports.asked((subject) => sorted.push(subject));
  return { sorted, reports, ask };
}

test('what deliveries said before any page asked is there when one does, the last word of each', () => {
  const { reports, sorted, ask } = heard();
  reports.note('pay@1', report('pending'));
  reports.note('pay@2', undefined);
  reports.note('pay@1', report('completed'));
  expect(sorted).toEqual([]);
  ask();
  expect(reports.get('pay@1')).toEqual(report('completed'));
  expect(reports.get('pay@2')).toBeUndefined();
  expect(sorted).toEqual(['pay@1', 'pay@2', 'pay@1']);
});

test('what comes later is there at once', () => {
  const { reports, sorted, ask } = heard();
  ask();
  reports.note('sub@1', report('completed'));
  expect(sorted).toEqual(['sub@1']);
  expect(reports.get('sub@1')).toEqual(report('completed'));
});

test('of more than 4,096 the newest are there, in the order they came', () => {
  const { reports, sorted, ask } = heard();
  for (let number = 0; number < 5_000; number += 1)
    reports.note(`pay@${number}`, report('completed'));
  ask();
  expect(reports.get('pay@4999')).toBeDefined();
  expect(reports.get('pay@904')).toBeDefined();
  expect(reports.get('pay@903')).toBeUndefined();
  expect(sorted.length).toBe(4_096);
  expect([sorted[0], sorted.at(-1)]).toEqual(['pay@904', 'pay@4999']);
});
