import { Console } from 'node:console';
import { PassThrough } from 'node:stream';
import { createQBitFlow, memoryStore, type Logger } from '@qbitflow/core';
import { fakeClock, fixtures, signDelivery } from '@qbitflow/core/testing';
import pino from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import winston from 'winston';
import { settle } from '../support/settle.js';
import { post, SECRET } from '../support/shop.js';

const body = fixtures.v2['payment.completed']();

/** Has a kit with this logger fail in two ways, and gives what was written. */
async function written(logger: Logger, output: PassThrough): Promise<string[]> {
  let text = '';
  output.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const clock = fakeClock();
  const kit = createQBitFlow({
    webhookSecret: SECRET,
    clock,
    store: memoryStore({ clock }),
    logger,
  });
  onTestFinished(async () => {
    const closing = kit.close();
    await clock.advance(60_000);
    await closing;
  });
  kit.on('payment.completed', () => {
    throw new TypeError('no stock\nof tea', { cause: new Error('the warehouse is away') });
  });
  void kit.start();
  for (const secret of ['whsec_another', SECRET])
    await kit.handleWebhook(post(signDelivery({ version: 'v2', body, secret, clock })));
  await settle(50);
  await clock.advance(10);
  await settle();
  return text.split('\n').filter((line) => line !== '');
}

const parsed = (lines: readonly string[]): Record<string, unknown>[] =>
  lines.map((line) => JSON.parse(line) as Record<string, unknown>);

test('pino fits as it is: facts beside the sentence, errors under err', async () => {
  const output = new PassThrough();
  const lines = parsed(await written(pino({ level: 'debug' }, output), output));
  const refused = lines.find(({ code }) => code === 'invalid_signature');
  expect(refused?.['msg']).toContain('no matching signature');
  const failed = lines.find(({ code }) => code === 'handle_failed');
  expect(failed).toMatchObject({
    level: 50,
    msg: 'no stock\nof tea',
    stage: 'handle',
    err: { type: 'TypeError', stack: expect.stringContaining('loggers.test.ts') },
  });
});

test('a child of pino, and one whose level is changed later, fit too', async () => {
  const output = new PassThrough();
  const parent = pino({ level: 'silent' }, output);
  const child = parent.child({ shop: 'tea' });
  child.level = 'warn';
  const lines = parsed(await written(child, output));
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.every(({ shop, level }) => shop === 'tea' && Number(level) >= 40)).toBe(true);
});

test('winston gets the sentence as its message, and errors as objects it can write', async () => {
  const output = new PassThrough();
  const logger = winston.createLogger({
    level: 'debug',
    format: winston.format.json(),
    transports: [new winston.transports.Stream({ stream: output })],
  });
  const lines = parsed(await written(logger, output));
  const refused = lines.find(({ code }) => code === 'invalid_signature');
  expect(refused?.['message']).toContain('no matching signature');
  const failed = lines.find(({ code }) => code === 'handle_failed');
  expect(failed).toMatchObject({
    level: 'error',
    message: 'no stock\nof tea',
    err: {
      name: 'TypeError',
      message: 'no stock\nof tea',
      cause: { message: 'the warehouse is away' },
    },
  });
});

test('console gets one line of text for each message, without control characters', async () => {
  const output = new PassThrough();
  const logger: Logger = new Console(output, output);
  const lines = await written(logger, output);
  expect(lines.every((line) => line.startsWith('[qbitflow] '))).toBe(true);
  expect(lines).toContainEqual(
    expect.stringMatching(/^\[qbitflow\] warn invalid_signature: .* no matching signature/),
  );
  expect(lines).toContainEqual(
    expect.stringMatching(
      /error handle_failed: no stock\\nof tea: the warehouse is away at .*loggers/,
    ),
  );
});

test('console fits the type, and without its debug it tells no step of a delivery', async () => {
  const output = new PassThrough();
  const full: Logger = console;
  expect(typeof full.warn).toBe('function');
  const logger: Logger = { ...new Console(output, output), debug: () => undefined };
  const lines = await written(logger, output);
  expect(lines.filter((line) => line.includes(' debug '))).toEqual([]);
  expect(lines.filter((line) => line.includes('handle_failed'))).toHaveLength(1);
});
