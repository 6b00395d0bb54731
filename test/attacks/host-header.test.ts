import { describe, expect, test } from 'vitest';
import { freshId, stillServes } from '../matrix/support/deliver.js';
import { openConnection, send } from '../matrix/support/send.js';
import { shops, victim } from './support/shops.js';

const FORWARDED = ['host', 'x-forwarded-host', 'x-forwarded-proto', 'forwarded', 'x-original-url'];

describe.each(shops)('%s', (shop) => {
  const receiver = victim(shop);

  test.each(FORWARDED)('nothing in %s reaches a page', async (name) => {
    const it = await receiver();
    const headers = { [name]: 'evil.example' };
    const {
      status,
      text,
      headers: answered,
    } = await send(`${it.url}/success?uuid=${freshId()}`, { headers });
    expect(status).toBe(200);
    expect(text + JSON.stringify(answered)).not.toContain('evil.example');
  });

  test.each([
    ['an absolute URL', 'GET http://evil.example/success?uuid=pay@1 HTTP/1.1'],
    ['a path that looks like a host', 'GET //evil.example/success?uuid=pay@1 HTTP/1.1'],
    ['a path that climbs', 'GET /x/../success?uuid=pay@1 HTTP/1.1'],
    ['no path', 'OPTIONS * HTTP/1.1'],
  ])('%s as the target sends nobody anywhere', async (_name, line) => {
    const it = await receiver();
    const connection = await openConnection(it.port);
    connection.write(`${line}\r\nhost: evil.example\r\nconnection: close\r\n\r\n`);
    const answer = await connection.answer(/\r\n\r\n[\s\S]*$/);
    connection.destroy();
    expect(answer).not.toMatch(/^location:/im);
    expect(answer).not.toMatch(/^HTTP\/1\.1 5/);
    await stillServes(it);
  });
});
