import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { createEventStream, hasReceivedLast } from '../../src/status/event-stream.js';
import { settle } from '../support/settle.js';

function openStream(random = 1) {
  const clock = fakeClock();
  let closes = 0;
  const events = createEventStream({ clock, random: () => random }, () => (closes += 1));
  let text = '';
  const read = () => {
    events.stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  };
  return { clock, events, read, closes: () => closes, text: () => text };
}

test('the wait before a reconnect comes first, then what is sent', async () => {
  const { events, read, text } = openStream();
  read();
  events.send('{"state":"waiting"}');
  await settle();
  expect(text()).toBe('retry: 2000\n\nevent: status\ndata: {"state":"waiting"}\n\n');
});

test('a silent stream is kept alive every fifteen seconds, with a comment', async () => {
  const { clock, read, text } = openStream();
  read();
  await clock.advance(14_999);
  await settle();
  expect(text()).toBe('retry: 2000\n\n');
  await clock.advance(30_001);
  await settle();
  expect(text()).toBe(`retry: 2000\n\n${': still here\n\n'.repeat(3)}`);
});

test('a reader that does not read costs a bounded buffer, and gets the latest when it does', async () => {
  const { clock, events, read, text } = openStream();
  for (let number = 0; number < 10_000; number += 1) events.send(`{"number":${number}}`);
  await clock.advance(3_600_000);
  expect(events.stream.readableLength).toBeLessThan(1_200);

  read();
  await settle();
  const numbers = [...text().matchAll(/"number":(\d+)/g)].map(([, number]) => Number(number));
  expect(numbers.at(0)).toBe(0);
  expect(numbers.at(-1)).toBe(9_999);
  expect(numbers.length).toBeLessThan(40);
});

test('the end comes after what was sent last, also for a reader that was slow', async () => {
  const { clock, events, read, text, closes } = openStream();
  for (let number = 0; number < 1_000; number += 1) events.send(`{"number":${number}}`);
  let ended = false;
  events.finish('{"number":1000}');
  events.stream.once('end', () => (ended = true));
  read();
  await settle();
  expect(text()).toMatch(/id: final\nevent: status\ndata: {"number":1000}\n\n$/);
  expect([ended, closes(), events.isOpen(), clock.waiting]).toEqual([true, 1, false, 0]);
});

test('a reader that goes away stops the heartbeat and is told of once', async () => {
  const { clock, events, closes } = openStream();
  events.stream.destroy();
  await settle();
  events.send('x');
  events.finish('x');
  events.end('busy');
  expect([closes(), events.isOpen(), clock.waiting]).toEqual([1, false, 0]);
});

test('a failing reader is one that has gone', async () => {
  const { events, closes, clock } = openStream();
  events.stream.once('error', () => undefined);
  events.stream.destroy(new Error('socket hang up'));
  await settle();
  expect([closes(), clock.waiting]).toEqual([1, 0]);
});

test('clients that are cut off at once come back one after the other', async () => {
  const waits = [0, 0.5, 1].map((random) => {
    const { read, text } = openStream(random);
    read();
    return text;
  });
  await settle();
  expect(waits.map((text) => text())).toEqual([
    'retry: 1000\n\n',
    'retry: 1500\n\n',
    'retry: 2000\n\n',
  ]);
});

test('a stream whose place is needed says so, and has its client wait longer', async () => {
  const { events, read, text, closes } = openStream(0);
  events.end('busy');
  read();
  await settle();
  expect([text(), closes()]).toEqual([
    'retry: 1000\n\nretry: 30000\n\nevent: busy\ndata: {}\n\n',
    1,
  ]);
});

test('only the last id says that all was heard', () => {
  expect([undefined, '', '1', 'final'].map(hasReceivedLast)).toEqual([false, false, false, true]);
});
