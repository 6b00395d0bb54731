import { Readable } from 'node:stream';
import { answerNodeRequest, type HttpResponse } from '@qbitflow/core';
import { expect, test } from 'vitest';
import { serve } from '../support/serve.js';
import { settle } from '../support/settle.js';

const asked = { method: 'GET', url: '/', headers: {} };

function streaming(stream: Readable): HttpResponse {
  return { status: 200, headers: { 'content-type': 'text/plain' }, body: '', stream };
}

const endless = (): Readable => new Readable({ read: () => undefined });

/** Resolves once `condition` holds. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await settle(1);
}

test('a stream is written as it comes, and its end is the end', async () => {
  const stream = endless();
  const url = await serve((_request, response) => {
    answerNodeRequest(async () => streaming(stream), asked, response);
  });
  const answer = await fetch(url);
  stream.push('é');
  stream.push(null);
  expect([answer.status, await answer.text()]).toEqual([200, 'é']);
  await until(() => stream.destroyed);
});

test('the headers go out before there is anything to write', async () => {
  const stream = endless();
  const url = await serve((_request, response) => {
    answerNodeRequest(async () => streaming(stream), asked, response);
  });
  const answer = await fetch(url);
  expect(answer.headers.get('content-type')).toBe('text/plain');
  await answer.body?.cancel();
  await until(() => stream.destroyed);
});

test('a stream that fails ends the connection, not the process', async () => {
  const stream = endless();
  const url = await serve((_request, response) => {
    answerNodeRequest(async () => streaming(stream), asked, response);
  });
  const answer = await fetch(url);
  stream.destroy(new Error('bug'));
  await expect(answer.text()).rejects.toThrow('terminated');
});

test('when somebody has answered already, the stream is let go of', async () => {
  const stream = endless();
  const url = await serve((_request, response) => {
    response.writeHead(504).end('too slow');
    answerNodeRequest(async () => streaming(stream), asked, response);
  });
  expect(await (await fetch(url)).text()).toBe('too slow');
  await until(() => stream.destroyed);
});

test('when the client has gone already, the stream is let go of', async () => {
  const stream = endless();
  const leaving = new AbortController();
  const url = await serve((_request, response) => {
    leaving.abort();
    response.once('close', () => {
      answerNodeRequest(async () => streaming(stream), asked, response);
    });
  });
  await expect(fetch(url, { signal: leaving.signal })).rejects.toThrow('aborted');
  await until(() => stream.destroyed);
});

test('middleware that holds writes back is told to let each one go', async () => {
  const stream = endless();
  let flushes = 0;
  const url = await serve((_request, response) => {
    Object.assign(response, { flush: () => (flushes += 1) });
    answerNodeRequest(async () => streaming(stream), asked, response);
  });
  const answer = await fetch(url);
  stream.push('one');
  await until(() => flushes === 1);
  stream.push('two');
  await until(() => flushes === 2);
  stream.push(null);
  expect(await answer.text()).toBe('onetwo');
});

test('a client that does not read holds the stream back', async () => {
  let pushed = 0;
  const stream = new Readable({
    read() {
      pushed += 65_536;
      this.push(Buffer.alloc(65_536));
    },
  });
  const url = await serve((_request, response) => {
    answerNodeRequest(async () => streaming(stream), asked, response);
  });
  const answer = await fetch(url);
  let before = -1;
  while (before !== pushed) {
    before = pushed;
    await settle(200);
  }
  expect(pushed).toBeLessThan(64 * 1_048_576);
  await answer.body?.cancel();
  await until(() => stream.destroyed);
});
