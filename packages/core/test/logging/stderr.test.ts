import { createQBitFlow, memoryStore, type QBitFlow, type QBitFlowOptions } from '@qbitflow/core';
import { fakeClock, fixtures, signDelivery } from '@qbitflow/core/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { settle } from '../support/settle.js';
import { post, SECRET, withChanges } from '../support/shop.js';

const body = fixtures.v2['payment.completed']();
const MINUTE_MS = 60_000;

/** What the process was given to write on stderr since, in lines; nothing of it is shown. */
function watchStderr(): () => string[] {
  const written: string[] = [];
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((chunk, ...rest) => {
    written.push(String(chunk));
    const done = rest.find((one) => typeof one === 'function');
    done?.(null);
    return true;
  });
  onTestFinished(() => write.mockRestore());
  return () =>
    written
      .join('')
      .split('\n')
      .filter((line) => line !== '');
}

/** A kit as its owner makes it who never heard of logging. */
function openPlain(options: QBitFlowOptions = {}) {
  const lines = watchStderr();
  const clock = fakeClock();
  const store = memoryStore({ clock });
  const kit = createQBitFlow({ webhookSecret: SECRET, clock, store, random: () => 1, ...options });
  onTestFinished(async () => {
    const closing = kit.close();
    await clock.advance(MINUTE_MS);
    await closing;
  });
  const sign = (secret = SECRET, data = body) =>
    post(signDelivery({ version: 'v2', body: data, secret, clock }));
  return { kit, clock, store, lines, sign };
}

const failing = (kit: QBitFlow, messages: string[]): QBitFlow =>
  kit.on('payment.completed', () => {
    throw new TypeError(messages.shift() ?? 'no stock');
  });

test('a wrong secret is one readable line on stderr, at once', async () => {
  const { kit, lines, sign } = openPlain();
  expect((await kit.handleWebhook(sign('whsec_another'))).status).toBe(401);
  // What explains it is loaded first.
  await expect.poll(lines).toHaveLength(1);
  expect(lines()[0]).toMatch(
    /^\[qbitflow\] warn invalid_signature: a delivery was refused: no matching signature \(signed the v2 way; /,
  );
});

test('a body parser that came first is said, with the cure', async () => {
  const { kit, lines, sign } = openPlain();
  await kit.handleWebhook({ ...sign(), rawBody: undefined, body: { parsed: true } });
  expect(lines()).toEqual([
    expect.stringMatching(/^\[qbitflow\] error body_consumed: .*mount the/),
  ]);
});

test('a handler that throws is said with its delivery and the place in the code', async () => {
  const { kit, clock, lines, sign } = openPlain();
  failing(kit, ['no stock of tea']);
  void kit.start();
  await kit.handleWebhook(sign());
  await settle(50);
  await clock.advance(10);
  const line = lines().find((one) => one.includes('handle_failed'));
  expect(line).toContain('error handle_failed: no stock of tea at ');
  expect(line).toContain('stderr.test.ts');
  expect(line).toContain('key: payment.completed:pay@');
});

test('a dead letter, and a store that forgets, are said', async () => {
  const { kit, clock, lines, sign } = openPlain({ handlers: { maxAttempts: 1 } });
  failing(kit, []);
  void kit.start();
  await settle();
  expect(lines()[0]).toContain('warn store_forgets: deliveries are kept in memory');
  await kit.handleWebhook(sign());
  await settle(50);
  await clock.advance(10);
  expect(lines().some((line) => line.includes('error delivery_buried: '))).toBe(true);
});

test('a store that is away is said while the kit tries on', async () => {
  const store = withChanges(memoryStore(), {
    init: async () =>
      Promise.reject(Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' })),
  });
  const { kit, lines } = openPlain({ store });
  void kit.start();
  await settle();
  expect(lines()[0]).toContain('error store_failed: ');
});

test('nothing of what goes well is written', async () => {
  const store = withChanges(memoryStore(), { durable: true });
  const { kit, clock, lines, sign } = openPlain({ store });
  const handled: string[] = [];
  kit.on('payment.completed', ({ key }) => void handled.push(key));
  void kit.start();
  await kit.handleWebhook(sign());
  await settle(50);
  await clock.advance(10);
  expect([handled.length, lines()]).toEqual([1, []]);
});

test('of one message a minute has one line, and the number of those left out', async () => {
  const { kit, clock, lines, sign } = openPlain({ handlers: { minBackoffMs: 1 } });
  failing(kit, []);
  void kit.start();
  await settle();
  const before = lines().length;
  for (let number = 0; number < 42; number += 1)
    await kit.handleWebhook(
      sign(SECRET, { ...body, id: `evt_${number}`, data: { uuid: `pay@${number}` } }),
    );
  await clock.advance(MINUTE_MS);
  const [first, count] = lines()
    .slice(before)
    .filter((line) => line.includes('handle_failed'));
  expect(first).toContain('error handle_failed: no stock');
  expect(count).toMatch(/^\[qbitflow\] error handle_failed: … and \d{2,} more in the last minute$/);
});

test('two handlers that fail in their own ways are both said', async () => {
  const { kit, clock, lines, sign } = openPlain();
  failing(kit, ['no stock', 'no printer']);
  void kit.start();
  for (const number of [1, 2])
    await kit.handleWebhook(
      sign(SECRET, { ...body, id: `evt_${number}`, data: { uuid: `pay@${number}` } }),
    );
  await clock.advance(500);
  const said = lines().filter((line) => line.includes('handle_failed'));
  expect(said.map((line) => /no \w+/.exec(line)?.[0])).toEqual(['no stock', 'no printer']);
});

test('a million messages of a handler have a bounded number of lines', async () => {
  const { kit, clock, lines, sign } = openPlain();
  kit.on('payment.completed', (_event, { logger }) => {
    for (let number = 0; number < 10_000; number += 1) logger.warn({}, `odd thing ${number}`);
    for (let number = 0; number < 10_000; number += 1)
      logger.error({ code: 'mine' }, `another ${number}`);
  });
  void kit.start();
  await kit.handleWebhook(sign());
  await settle(50);
  await clock.advance(10);
  expect(lines().length).toBeLessThan(250);
  await clock.advance(MINUTE_MS);
  expect(lines()).toContain('[qbitflow] error mine: … and 9995 more in the last minute');
});

test('close() says what was left out until then, and leaves no timer behind', async () => {
  const { kit, clock, lines, sign } = openPlain();
  kit.on('payment.completed', (_event, { logger }) => {
    for (let number = 0; number < 3; number += 1) logger.warn({ code: 'mine' }, 'the same');
  });
  void kit.start();
  await kit.handleWebhook(sign());
  await settle(50);
  await clock.advance(10);
  await kit.close();
  expect(lines().filter((line) => line.includes('mine'))).toEqual([
    '[qbitflow] warn mine: the same',
    '[qbitflow] warn mine: … and 2 more in the last minute',
  ]);
  expect(clock.waiting).toBe(0);
});

test('no message can begin a line of its own, move the cursor, or go on for pages', async () => {
  const evil = `no\n[qbitflow] error fake: \u001b[2Jpaid\r\u2028\u202e\u0000${'x'.repeat(50_000)}`;
  const { kit, clock, lines, sign } = openPlain();
  failing(kit, [evil]);
  void kit.start();
  await settle();
  const before = lines().length;
  await kit.handleWebhook(sign());
  await settle(50);
  await clock.advance(10);
  const [line = '', ...others] = lines().slice(before);
  expect(others).toEqual([]);
  expect(line).toContain(
    String.raw`no\n[qbitflow] error fake: \u001b[2Jpaid\r\u2028\u202e\u0000xxx`,
  );
  expect(line.length).toBeLessThanOrEqual(2_000);
});

test('however long a message is, the delivery it is about can be read behind it', async () => {
  const { kit, clock, lines, sign } = openPlain();
  failing(kit, ['x'.repeat(50_000)]);
  void kit.start();
  await kit.handleWebhook(sign());
  await settle(50);
  await clock.advance(10);
  expect(lines().find((line) => line.includes('handle_failed'))).toContain('…');
  expect(lines().find((line) => line.includes('handle_failed'))).toContain(
    'key: payment.completed:',
  );
});

test('what is thrown and is no error has no place in the code', async () => {
  const { kit, clock, lines, sign } = openPlain();
  kit.on('payment.completed', () => {
    // oxlint-disable-next-line typescript/only-throw-error -- merchants do
    throw 'no stock';
  });
  void kit.start();
  await kit.handleWebhook(sign());
  await settle(50);
  await clock.advance(10);
  const line = lines().find((one) => one.includes('handle_failed'));
  expect(line).toContain('not an Error was thrown: no stock (stage');
});

test('logger: false silences', async () => {
  const { kit, lines, sign } = openPlain({ logger: false });
  void kit.start();
  await kit.handleWebhook(sign('whsec_another'));
  await settle();
  expect(lines()).toEqual([]);
});

test('what an onError listener hears is not said a second time, the rest is', async () => {
  const { kit, lines, sign } = openPlain();
  const told: string[] = [];
  kit.onError((error) => void told.push(error.message));
  void kit.start();
  await kit.handleWebhook(sign('whsec_another'));
  await settle();
  expect(told).toHaveLength(1);
  expect(lines()).toEqual([expect.stringContaining('store_forgets')]);
});

test('a listener that fails is said, and so is what it was told', async () => {
  const { kit, lines, sign } = openPlain();
  kit.onError(() => {
    throw new Error('the pager is away');
  });
  await kit.handleWebhook(sign('whsec_another'));
  await settle();
  expect(lines()).toEqual([
    expect.stringContaining('on_error_failed: an onError listener failed: the pager is away'),
    expect.stringContaining('invalid_signature'),
  ]);
});

test('an output that fails costs the line and nothing else', async () => {
  const write = vi.spyOn(process.stderr, 'write').mockImplementation(() => {
    throw new Error('EBADF');
  });
  onTestFinished(() => write.mockRestore());
  const clock = fakeClock();
  const kit = createQBitFlow({ webhookSecret: SECRET, clock });
  const request = post(signDelivery({ version: 'v2', body, secret: 'whsec_another', clock }));
  expect((await kit.handleWebhook(request)).status).toBe(401);
  await kit.close();
});

test('where there is no stderr it is said with console.error', async () => {
  const stderr = vi.spyOn(process, 'stderr', 'get').mockReturnValue(undefined as never);
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  onTestFinished(() => {
    stderr.mockRestore();
    said.mockRestore();
  });
  const clock = fakeClock();
  const kit = createQBitFlow({ webhookSecret: SECRET, clock });
  await kit.handleWebhook(
    post(signDelivery({ version: 'v2', body, secret: 'whsec_another', clock })),
  );
  await kit.close();
  expect(said.mock.calls).toEqual([[expect.stringContaining('[qbitflow] warn invalid_signature')]]);
});
