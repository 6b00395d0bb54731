import { expect, onTestFinished, test } from 'vitest';
import type { Sandbox } from '../../src/index.js';
import { openPayment, openSandbox } from '../support/world.js';

/** A page that follows the sandbox. */
interface Follower {
  readonly response: Response;
  /** How often it was told to look again. */
  readonly told: () => number;
  /** When the stream has ended. */
  readonly ended: Promise<void>;
}

async function follow(sandbox: Sandbox): Promise<Follower> {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const response = await fetch(`${sandbox.url}/sandbox/changes`, { signal: stop.signal });
  let text = '';
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
  };
  const ended = read().catch(() => undefined);
  return { response, told: () => text.split('data: ').length - 1, ended };
}

test('a page is told of sessions, deliveries and switches as they change', async () => {
  const sandbox = await openSandbox();
  const { response, told } = await follow(sandbox);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const uuid = await openPayment(sandbox);
  await expect.poll(told).toBe(1);
  await sandbox.pay(uuid);
  await expect.poll(told).toBe(2);
  await fetch(`${sandbox.url}/switch/fault/busy`, { method: 'POST', redirect: 'manual' });
  await expect.poll(told).toBe(3);
});

test('what happens at once is told once', async () => {
  const sandbox = await openSandbox();
  const first = await openPayment(sandbox);
  const second = await openPayment(sandbox);
  const { told } = await follow(sandbox);
  await Promise.all([sandbox.expire(first), sandbox.expire(second)]);
  await expect.poll(told).toBe(1);
  await sandbox.fail(await openPayment(sandbox));
  await expect.poll(told).toBe(3);
});

test('a sandbox that closes ends its pages', async () => {
  const sandbox = await openSandbox();
  const { ended } = await follow(sandbox);
  await sandbox.close();
  await ended;
  expect(sandbox.sessions).toEqual([]);
});

test('places are limited, and free again when a page is left', async () => {
  const sandbox = await openSandbox();
  const stop = new AbortController();
  const ask = async (signal?: AbortSignal): Promise<number> =>
    (await fetch(`${sandbox.url}/sandbox/changes`, signal === undefined ? {} : { signal })).status;
  for (let count = 0; count < 100; count += 1) expect(await ask(stop.signal)).toBe(200);
  expect(await ask()).toBe(503);
  stop.abort();
  await expect.poll(async () => ask()).toBe(200);
});
