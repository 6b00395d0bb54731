import { silentLogger, type Clock, type EventContext } from '@qbitflow/core';
import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import type { EventHandler } from '../../../src/event/handlers.js';
import { Deadlines, dispatchToHandlers, type Dispatch } from '../../../src/webhook/run-handlers.js';
import { StopSwitch } from '../../../src/webhook/claims.js';
import { eventOf, payment } from '../../support/deliveries.js';

interface Changes extends Partial<Dispatch> {
  readonly clock?: Clock;
}

async function dispatch(
  handlers: Record<string, EventHandler>,
  { clock = fakeClock(), ...changes }: Changes = {},
) {
  const contextFor: Dispatch['contextFor'] = ({ stop }): EventContext => ({
    attempt: 1,
    receivedAt: 0,
    source: 'webhook',
    get signal() {
      return stop.signal;
    },
    logger: silentLogger,
    completeWithin: async () => undefined,
    transaction: async (work) => work(undefined),
  });
  return dispatchToHandlers(
    {
      stop: new StopSwitch(),
      deadlines: new Deadlines(clock, 1_000),
      contextFor,
      onProgress: async () => undefined,
      onEnded: () => undefined,
      ...changes,
    },
    eventOf(payment(1)),
    Object.entries(handlers).map(([name, run]) => ({ name, formerly: [], run })),
  );
}

const fine = () => undefined;

test('handlers run one after the other, each awaited', async () => {
  const order: string[] = [];
  const step = (name: string) => async () => {
    order.push(`${name} starts`);
    await Promise.resolve();
    order.push(`${name} ends`);
  };
  const { succeeded } = await dispatch({ a: step('a'), b: step('b') });
  expect(succeeded).toEqual(['a', 'b']);
  expect(order).toEqual(['a starts', 'a ends', 'b starts', 'b ends']);
});

test.each<[string, EventHandler, string]>([
  [
    'throws at once',
    () => {
      throw new Error('sync');
    },
    'sync',
  ],
  ['rejects', async () => Promise.reject(new Error('async')), 'async'],
  // oxlint-disable-next-line typescript/only-throw-error, typescript/prefer-promise-reject-errors
  [
    'rejects with text',
    async () => Promise.reject('text'),
    'a value that is not an Error was thrown: text',
  ],
  [
    'rejects with nothing',
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors
    async () => Promise.reject(undefined),
    'a value that is not an Error was thrown: undefined',
  ],
  [
    'rejects with an object',
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors
    async () => Promise.reject({ status: 500 }),
    'a value that is not an Error was thrown: {"status":500}',
  ],
  [
    'returns a thenable that rejects',
    // oxlint-disable-next-line unicorn/no-thenable
    () => ({ then: (_: unknown, reject: (error: Error) => void) => reject(new Error('thenable')) }),
    'thenable',
  ],
])('a handler that %s fails alone', async (_name, bad, message) => {
  const { succeeded, failures } = await dispatch({ bad, good: fine });
  expect(succeeded).toEqual(['good']);
  expect(failures).toMatchObject([{ handler: 'bad', error: { message } }]);
});

test('a handler that hangs is given up, its signal aborted, and the next one runs', async () => {
  const clock = fakeClock();
  const signals: AbortSignal[] = [];
  const hang: EventHandler = async (_event, { signal }) => {
    signals.push(signal);
    await new Promise(() => undefined);
  };
  const running = dispatch({ hang, good: fine }, { clock });
  await clock.advance(999);
  expect(signals[0]?.aborted).toBe(false);
  await clock.advance(1);
  const { succeeded, failures } = await running;
  expect(succeeded).toEqual(['good']);
  expect(failures).toMatchObject([{ handler: 'hang', error: { code: 'handler_timeout' } }]);
  expect(signals[0]?.reason).toMatchObject({ code: 'handler_timeout' });
});

test('what a handler does after its time is up is nobody’s concern', async () => {
  const clock = fakeClock();
  let end: (error: Error) => void = fine;
  const late: EventHandler = async () =>
    new Promise((_, reject) => {
      end = reject;
    });
  const running = dispatch({ late }, { clock });
  await clock.advance(1_000);
  end(new Error('too late'));
  expect((await running).failures).toMatchObject([{ error: { code: 'handler_timeout' } }]);
});

test('success is told while others are still to come, not after the last', async () => {
  const told: string[] = [];
  const onProgress = async (handler: string) => {
    told.push(handler);
  };
  await dispatch({ a: fine, b: fine, c: fine }, { onProgress });
  expect(told).toEqual(['a', 'b']);
});

test('once stopped, the running handler is told and no further one starts', async () => {
  const stop = new StopSwitch();
  const ran: string[] = [];
  const first: EventHandler = (_event, { signal }) => {
    stop.stop(new Error('shutdown'));
    ran.push(`first ${String(signal.reason)}`);
  };
  const second = () => ran.push('second');
  const { succeeded } = await dispatch({ first, second }, { stop });
  expect([ran, succeeded]).toEqual([['first Error: shutdown'], ['first']]);
});

test('a handler that asks for its signal only after the stop finds it aborted', async () => {
  const stop = new StopSwitch();
  const late: EventHandler = async (_event, context) => {
    stop.stop(new Error('shutdown'));
    await Promise.resolve();
    if (context.signal.aborted) throw new Error('told');
  };
  const { failures } = await dispatch({ late }, { stop });
  expect(failures).toMatchObject([{ error: { message: 'told' } }]);
});

test('no timer is left behind', async () => {
  const clock = fakeClock();
  await dispatch({ a: fine, b: async () => Promise.reject(new Error('no')) }, { clock });
  expect(clock.waiting).toBe(0);
});
