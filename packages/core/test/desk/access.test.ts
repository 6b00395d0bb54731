import type { HttpRequest } from '@qbitflow/core';
import { describe, expect, test } from 'vitest';
import { openShop } from '../support/shop.js';

const local: HttpRequest = {
  method: 'GET',
  url: '/desk',
  client: '127.0.0.1',
  headers: { host: 'localhost:3000' },
};

describe('without authorize', () => {
  test.each([
    ['127.0.0.1', '127.0.0.1:3000'],
    ['::1', '[::1]:3000'],
    ['::ffff:127.0.0.1', 'shop.localhost'],
  ])('it answers %s under %s, and says so', async (client, host) => {
    const answer = await openShop().kit.handleDesk({ ...local, client, headers: { host } });
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('mounted without authorize');
  });

  test.each<[string, Partial<HttpRequest>]>([
    ['another machine', { client: '192.168.0.7' }],
    ['a client that is not known', { client: undefined }],
    ['an address that only begins like loopback', { client: '127.0.0.1.evil.example' }],
    [
      'a proxy on this machine',
      { headers: { host: 'localhost', 'x-forwarded-for': '203.0.113.9' } },
    ],
    ['a proxy that says Forwarded', { headers: { host: 'localhost', forwarded: 'for=127.0.0.1' } }],
    [
      'a proxy whose header is in another case',
      { headers: { host: 'localhost', 'X-Real-IP': '127.0.0.1' } },
    ],
    ['a site whose name resolves to loopback', { headers: { host: 'evil.example' } }],
    ['a request without a host', { headers: {} }],
  ])('it refuses %s, and says why in the log', async (_name, changes) => {
    const { kit, logger } = openShop();
    const answer = await kit.handleDesk({ ...local, ...changes });
    expect(answer.status).toBe(403);
    expect(answer.body).toContain('authorize');
    expect(logger.withCode('desk_refused')).toHaveLength(1);
  });

  test('a flood of refused requests writes one line a minute', async () => {
    const { kit, logger, clock } = openShop();
    for (let times = 0; times < 50; times += 1)
      await kit.handleDesk({ ...local, client: '203.0.113.9' });
    await clock.advance(60_000);
    await kit.handleDesk({ ...local, client: '203.0.113.9' });
    expect(logger.withCode('desk_refused')).toHaveLength(2);
  });
});

describe('with authorize', () => {
  test.each([true, 'Ada', Promise.resolve('Ada')])('%s lets in, from anywhere', async (said) => {
    const { kit } = openShop();
    const answer = await kit.handleDesk(
      {
        ...local,
        client: '203.0.113.9',
        headers: { host: 'shop.example', 'x-forwarded-for': '1.2.3.4' },
      },
      { authorize: () => said },
    );
    expect(answer.status).toBe(200);
    expect(answer.body).not.toContain('mounted without authorize');
  });

  test.each([false, undefined, '', 0, 1, {}, null])(
    '%s keeps out, from loopback too',
    async (said) => {
      const answer = await openShop().kit.handleDesk(local, { authorize: () => said as boolean });
      expect(answer.status).toBe(403);
    },
  );

  test.each([
    [
      'throws',
      () => {
        throw new Error('session store away');
      },
    ],
    ['rejects', async () => Promise.reject(new Error('session store away'))],
  ])('one that %s keeps out and is logged', async (_name, authorize) => {
    const { kit, logger } = openShop();
    expect((await kit.handleDesk(local, { authorize })).status).toBe(403);
    expect(logger.withCode('desk_authorize_failed')).toHaveLength(1);
  });

  test('one that never answers keeps out after five seconds', async () => {
    const { kit, clock } = openShop();
    // Loads the desk.
    await kit.handleDesk(local);
    const answer = kit.handleDesk(local, { authorize: () => new Promise(() => undefined) });
    await clock.advance(5_000);
    expect((await answer).status).toBe(403);
  });
});

test('nothing of it is kept, framed, sent on or loaded from elsewhere', async () => {
  const { headers } = await openShop().kit.handleDesk(local);
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
  });
  const policy = headers['content-security-policy'];
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe');
});

test.each(['PUT', 'DELETE', 'OPTIONS'])('%s is not allowed', async (method) => {
  expect((await openShop().kit.handleDesk({ ...local, method })).status).toBe(405);
});
