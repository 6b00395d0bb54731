import { expect, test } from 'vitest';
import { freshId, stillServes } from '../support/deliver.js';
import type { ApiAnswer } from '../support/api-server.js';
import type { Subject } from '../support/receivers.js';
import { send } from '../support/send.js';
import { API_KEY, startReceiver } from '../support/start-receiver.js';

const troubles: Readonly<Record<string, ApiAnswer>> = {
  'goes away': 'down',
  'is slow': 'silent',
  'has an error of its own': { status: 500, json: { error: 'boom', code: 'internal_error' } },
  'refuses our key': { status: 401, json: { error: `no such key ${API_KEY}` } },
  'speaks something else': { status: 200, json: ['<html>'] },
  // The last one: after it the API is left alone for a while.
  'has had enough': { status: 429, json: { error: 'slow down' }, headers: { 'retry-after': '20' } },
};

export function troubledReturns({ target, api, receiver }: Subject): void {
  test.each(Object.entries(troubles))(
    'an API that %s makes a page that waits',
    async (_name, answer) => {
      const it = await receiver('--return-timeout=250');
      const server = await api();
      const uuid = freshId();
      server.on(uuid, answer);
      const shown = await send(`${it.url}/success?uuid=${uuid}`);
      expect(shown.status).toBe(200);
      expect(shown.text).toMatch(
        />(?:We cannot check your payment right now|Checking takes a little longer|Waiting for your payment)<\/h1>/,
      );
      expect(shown.text).toContain('<meta http-equiv="refresh"');
      expect(shown.text).not.toContain(API_KEY);
      expect(server.askedAbout(uuid)).toHaveLength(1);
    },
  );

  test('an API that is not there makes a page that waits, and webhooks go on', async () => {
    const it = await startReceiver({ framework: target });
    try {
      const shown = await send(`${it.url}/cancel?uuid=${freshId()}`);
      expect(shown.status).toBe(200);
      expect(shown.text).toContain('>We cannot check your payment right now</h1>');
      await stillServes(it);
    } finally {
      await it.stop();
    }
  });
}
