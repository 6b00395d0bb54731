import {
  answerNodeRequest,
  webhookEndpoint,
  type Endpoint,
  type HttpResponse,
} from '@qbitflow/core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { serve } from '../support/serve.js';
import { settle } from '../support/settle.js';
import { openShop } from '../support/shop.js';

const answer: HttpResponse = { status: 200, headers: { 'x-kit': 'yes' }, body: 'é from the kit' };
const asked = { method: 'POST', url: '/', headers: {} };

test('an answer is written as it stands', async () => {
  const url = await serve((_request, response) => {
    answerNodeRequest(async () => answer, asked, response);
  });
  const got = await fetch(url);
  expect([got.status, got.headers.get('x-kit'), await got.text()]).toEqual([
    200,
    'yes',
    'é from the kit',
  ]);
});

test('when somebody has answered already, that answer stands', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(504).end('too slow');
    answerNodeRequest(async () => answer, asked, response);
  });
  const got = await fetch(url);
  await settle();
  expect([got.status, await got.text()]).toEqual([504, 'too slow']);
});

test('a response whose headers are out is left to whoever sent them', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(202);
    response.flushHeaders();
    answerNodeRequest(async () => answer, asked, response);
    setTimeout(() => response.end('theirs'), 10);
  });
  const got = await fetch(url);
  expect([got.status, await got.text()]).toEqual([202, 'theirs']);
});

/** What the process wrote on stderr since, which nobody sees. */
function watchStderr(): string[] {
  const lines: string[] = [];
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  onTestFinished(() => write.mockRestore());
  return lines;
}

test('an endpoint that fails is a 500, and said on stderr where it is of no kit', async () => {
  const lines = watchStderr();
  const failing: Endpoint[] = [
    async () => Promise.reject(new Error('bug')),
    () => {
      throw new Error('bug');
    },
  ];
  for (const endpoint of failing) {
    const url = await serve((_request, response) => {
      response.setHeader('content-encoding', 'gzip');
      answerNodeRequest(endpoint, asked, response);
    });
    const got = await fetch(url);
    expect([got.status, await got.json()]).toEqual([500, { error: 'internal error' }]);
  }
  expect(lines.filter((line) => line.includes('respond_failed'))).toHaveLength(2);
});

test.each(['writeHead', 'end'] as const)(
  "an answer that somebody's %s refuses is told to the kit, and is a 500",
  async (method) => {
    const shop = openShop();
    const url = await serve((_request, response) => {
      const original: unknown = response[method];
      Reflect.set(response, method, () => {
        if (typeof original === 'function') Reflect.set(response, method, original);
        throw new TypeError('ERR_INVALID_CHAR');
      });
      answerNodeRequest(webhookEndpoint(shop.kit), { ...asked, rawBody: '{}' }, response);
    });
    const got = await fetch(url).catch(() => undefined);
    await settle();
    // After `writeHead` the status is out: what is left is to end the connection.
    expect(got?.status).toBe(method === 'writeHead' ? 500 : undefined);
    const ofAnswer = shop.errors.filter(({ facts }) => facts.stage === 'respond');
    expect(ofAnswer).toMatchObject([{ error: { message: 'ERR_INVALID_CHAR' } }]);
    expect(shop.logger.withCode('respond_failed')).toMatchObject([{ level: 'error' }]);
  },
);

test('a response that refuses everything ends the connection, not the process', async () => {
  const lines = watchStderr();
  const url = await serve((_request, response) => {
    Reflect.set(response, 'writeHead', () => {
      throw new Error('broken');
    });
    Reflect.set(response, 'end', () => {
      throw new Error('broken');
    });
    answerNodeRequest(async () => answer, asked, response);
  });
  await expect(fetch(url)).rejects.toThrow('fetch failed');
  expect(lines).toHaveLength(1);
});
