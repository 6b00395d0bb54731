import type { TransactionReference, TransactionStatusReport } from '@qbitflow/core';
import { expect, test } from 'vitest';
import { createStatusHub, type StatusListener } from '../../src/status/hub.js';
import type { StatusAnswer } from '../../src/status/transaction-status.js';

const session = (number: number): TransactionReference => ({ uuid: `pay@${number}` });
const ignore = { onAnswer: () => undefined, onClosed: () => undefined };

/** A hub whose upstream is played by hand. */
function openHub() {
  const watching = new Map<string, StatusListener>();
  const nudged: string[] = [];
  const started: string[] = [];
  const hub = createStatusHub(({ uuid }, onAnswer) => {
    started.push(uuid);
    watching.set(uuid, onAnswer);
    return {
      nudge: () => nudged.push(uuid),
      stop: () => watching.delete(uuid),
    };
  });
  const say = (uuid: string, status: string) => watching.get(uuid)?.(report(uuid, status));
  return { hub, watching, nudged, started, say };
}

function report(uuid: string, status: string): StatusAnswer {
  return { kind: 'report', report: { uuid, status, generation: 'v2' } };
}

function viewer() {
  const heard: string[] = [];
  let closed = 0;
  return {
    heard,
    closed: () => closed,
    onAnswer: (answer: StatusAnswer) =>
      heard.push(answer.kind === 'report' ? answer.report.status : answer.kind),
    onClosed: () => (closed += 1),
  };
}

test('a thousand viewers of a hundred sessions keep a hundred watchers, and release them all', () => {
  const { hub, watching, started } = openHub();
  const leaves = Array.from({ length: 1_000 }, (_, index) =>
    hub.subscribe(session(index % 100), { ...ignore }),
  );
  expect([hub.watched, watching.size, started.length]).toEqual([100, 100, 100]);

  for (const leave of leaves.slice(0, 900)) leave();
  expect([hub.watched, watching.size]).toEqual([100, 100]);
  for (const leave of leaves) leave();
  expect([hub.watched, watching.size]).toEqual([0, 0]);
});

test('the next viewer hears at once what is known', () => {
  const { hub, say } = openHub();
  hub.subscribe(session(1), ignore);
  say('pay@1', 'created');
  const late = viewer();
  hub.subscribe(session(1), late);
  expect(late.heard).toEqual(['created']);
});

test('a bare id and its prefixed form are one transaction', () => {
  const { hub, started } = openHub();
  hub.subscribe({ uuid: '1' }, ignore);
  hub.subscribe({ uuid: 'pay@1' }, { ...ignore });
  hub.subscribe({ uuid: '1', type: 'createSubscription' }, ignore);
  expect([hub.watched, started]).toEqual([2, ['1', '1']]);
});

test('leaving twice takes nobody else along', () => {
  const { hub } = openHub();
  const leave = hub.subscribe(session(1), { ...ignore });
  leave();
  hub.subscribe(session(1), { ...ignore });
  leave();
  expect(hub.watched).toBe(1);
});

test('the last word stands: nothing takes a completion back, and the watcher stops', () => {
  const { hub, watching } = openHub();
  const one = viewer();
  hub.subscribe(session(1), one);
  const late = watching.get('pay@1');
  hub.push('pay@1', { uuid: '', status: 'completed', generation: 'v2' });
  late?.(report('pay@1', 'created'));
  late?.({ kind: 'unknown' });
  expect(one.heard).toEqual(['completed']);
  expect(watching.size).toBe(0);
});

test('a pushed report carries the id under which it is looked at', () => {
  const { hub } = openHub();
  const seen: TransactionStatusReport[] = [];
  hub.subscribe(
    { uuid: '1' },
    { ...ignore, onAnswer: (answer) => answer.kind === 'report' && seen.push(answer.report) },
  );
  hub.push('pay@1', { uuid: '', status: 'completed', generation: 'v1' });
  expect(seen).toEqual([{ uuid: '1', status: 'completed', generation: 'v1' }]);
});

test('news without a word has the API asked, news about others nothing', () => {
  const { hub, nudged } = openHub();
  hub.subscribe(session(1), ignore);
  hub.push('pay@1');
  hub.push('pay@2');
  expect(nudged).toEqual(['pay@1']);
});

test('what is known stands where the API cannot be asked', () => {
  const { hub, say, watching } = openHub();
  const one = viewer();
  hub.subscribe(session(1), one);
  watching.get('pay@1')?.({ kind: 'undecided' });
  say('pay@1', 'created');
  watching.get('pay@1')?.({ kind: 'undecided', retryAfterMs: 5 });
  say('pay@1', 'waitingConfirmation');
  expect(one.heard).toEqual(['undecided', 'created', 'waitingConfirmation']);
});

test('the API is asked in the name of the first who looks', () => {
  const askers: unknown[] = [];
  const hub = createStatusHub((_reference, _onAnswer, asker) => {
    askers.push(asker);
    return { nudge: () => undefined, stop: () => undefined };
  });
  hub.subscribe(session(1), ignore, { client: '192.0.2.1' });
  hub.subscribe(session(1), { ...ignore }, { client: '192.0.2.2' });
  hub.subscribe(session(2), ignore);
  expect(askers).toEqual([{ client: '192.0.2.1' }, {}]);
});

test('close() stops every watcher and tells every viewer once; nobody can come after it', () => {
  const { hub, watching } = openHub();
  const one = viewer();
  const leave = hub.subscribe(session(1), one);
  hub.close();
  leave();
  hub.close();
  const late = viewer();
  hub.subscribe(session(2), late);
  expect([one.closed(), late.closed(), watching.size, hub.watched]).toEqual([1, 1, 0, 0]);
  expect(hub.isClosed).toBe(true);
});
