import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Sandbox } from '@qbitflow/sandbox';
import { expect } from 'vitest';

/** How patient `expect.poll` is on a busy machine. */
export const soon = { timeout: 15_000 } as const;

/** What a browser sends with a form; `fetch` would say that it is a script. */
const form = { 'sec-fetch-mode': 'navigate', accept: 'text/html' };
const compressed = { 'accept-encoding': 'gzip', origin: 'https://other.example' };

/** The tokens and cookies a customer's browser has to bring, as the front page gives them. */
async function ticketOf(url: string): Promise<Record<string, string>> {
  const answer = await fetch(`${url}/ticket`, { headers: compressed });
  const cookie = answer.headers.getSetCookie().map((line) => line.split(';', 1)[0] ?? '');
  const ticket = (await answer.json()) as Record<string, string>;
  return { ...ticket, ...(cookie.length > 0 ? { cookie: cookie.join('; ') } : {}) };
}

async function buy(url: string, headers: Record<string, string>): Promise<Response> {
  return fetch(`${url}/buy`, { method: 'POST', headers, redirect: 'manual' });
}

async function submit(url: string, headers: Record<string, string>) {
  return new Promise<{ status: number | undefined; page: string }>((resolve, reject) => {
    const sent = request(`${url}/buy`, { method: 'POST', headers: { ...headers, ...form } });
    sent.on('error', reject).on('response', (answer) => {
      text(answer).then((page) => resolve({ status: answer.statusCode, page }), reject);
    });
    sent.end();
  });
}

/** Follows a stream; what it has said so far, and whether it has ended. */
async function follow(url: string, headers: Record<string, string>) {
  const accept = 'text/event-stream';
  const answer = await fetch(url, { headers: { ...headers, ...compressed, accept } });
  const heard = { text: '', ended: false };
  const listening = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of answer.body ?? []) heard.text += decoder.decode(chunk);
    heard.ended = true;
  })();
  listening.catch(() => undefined);
  return heard;
}

/** What a visit has brought to light. */
interface Visited {
  /** Of the payment that was made. */
  readonly uuid: string;
  /** Of the success page's answer, by name. */
  readonly headers: readonly string[];
}

/**
 * Goes through every route as customers, their browsers, programs and QBitFlow do, and expects each to work.
 */
export async function visitEverything(url: string, sandbox: Sandbox): Promise<Visited> {
  const ticket = await ticketOf(url);
  expect(await submit(url, ticket)).toEqual({
    status: 200,
    page: expect.stringContaining(`url=${sandbox.url}`),
  });
  const opened = await buy(url, { ...ticket, accept: 'application/json' });
  expect(opened.status).toBe(201);
  const { uuid } = (await opened.json()) as { uuid: string };

  const id = encodeURIComponent(uuid);
  const json = await fetch(`${url}/qbitflow/status/${id}`, { headers: ticket });
  expect(await json.json()).toMatchObject({ uuid, state: 'waiting' });
  const cancelled = await fetch(`${url}/qbitflow/cancel?uuid=${id}`, { headers: ticket });
  expect([cancelled.status, await cancelled.text()]).toEqual([
    200,
    expect.stringContaining('No payment yet'),
  ]);

  const stream = await follow(`${url}/qbitflow/status/${id}`, ticket);
  await expect.poll(() => stream.text, soon).toContain('"step":"customer"');
  expect(stream.ended).toBe(false);
  await sandbox.pay(uuid);
  await sandbox.idle();
  expect(sandbox.deliveries).toMatchObject([{ state: 'delivered' }]);
  await expect.poll(() => stream.ended, soon).toBe(true);
  expect(stream.text).toContain('"state":"paid"');

  const headers = { ...ticket, ...compressed };
  const success = await fetch(`${url}/qbitflow/success?uuid=${id}`, { headers });
  expect([success.status, await success.text()]).toEqual([
    200,
    expect.stringContaining('Payment received'),
  ]);
  return { uuid, headers: [...success.headers.keys()] };
}

/** Opens the live stream of a payment nobody has paid, waits for its first news, and leaves. */
export async function watchAndLeave(url: string): Promise<void> {
  const opened = await buy(url, { ...(await ticketOf(url)), accept: 'application/json' });
  const { uuid } = (await opened.json()) as { uuid: string };
  const leaving = new AbortController();
  const answer = await fetch(`${url}/qbitflow/status/${encodeURIComponent(uuid)}`, {
    headers: { accept: 'text/event-stream' },
    signal: leaving.signal,
  });
  await answer.body?.getReader().read();
  leaving.abort();
}
