import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { deliver, handled, RECEIVED, stillServes } from '../matrix/support/deliver.js';
import { shops, victim } from './support/shops.js';

describe.each(shops)('%s', (shop) => {
  const receiver = victim(shop);

  // Signed, because QBitFlow passes on what merchants' customers write.
  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'a type called %s is a type nobody knows',
    async (type) => {
      const it = await receiver();
      const id = `evt_${randomUUID()}`;
      const body = `{"id":"${id}","type":"${type}","data":{"__proto__":{"note":"throw","polluted":1}}}`;
      expect(await deliver(it, 'v2', body)).toEqual(RECEIVED);
      expect(await handled(it, id)).toMatchObject({ type });
      await stillServes(it);
    },
  );
});
