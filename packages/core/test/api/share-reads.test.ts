import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { type ApiClient, type ApiRequest, shareReads } from '../../src/api/client.js';

function setUp(answer: () => Promise<unknown> = async () => ({ uuid: 'pay@1' })) {
  const calls: ApiRequest[] = [];
  const api: ApiClient = {
    generation: 'v2',
    request: async (call) => {
      calls.push(call);
      return answer();
    },
  };
  const clock = fakeClock();
  return { shared: shareReads(api, clock), calls, clock };
}

const read = { method: 'GET', path: '/transaction/payment/pay%401' } as const;

test('reads of one path at once, and for five seconds, are one read', async () => {
  const { shared, calls, clock } = setUp();
  const answers = await Promise.all([shared.request(read), shared.request(read)]);
  await clock.advance(4_999);
  answers.push(await shared.request(read));
  expect(answers).toEqual([{ uuid: 'pay@1' }, { uuid: 'pay@1' }, { uuid: 'pay@1' }]);
  expect(calls).toHaveLength(1);
  await clock.advance(1);
  await shared.request(read);
  expect(calls).toHaveLength(2);
});

test('other paths, queries and generations are other reads, and nothing but reads is shared', async () => {
  const { shared, calls } = setUp();
  await shared.request(read);
  await shared.request({ ...read, path: '/transaction/payment/pay%402' });
  await shared.request({ ...read, query: { a: 1 } });
  await shared.request({ ...read, generation: 'v1' });
  await shared.request({ method: 'POST', path: '/x' });
  await shared.request({ method: 'POST', path: '/x' });
  expect(calls).toHaveLength(6);
});

test('a read that failed is not kept', async () => {
  let down = true;
  const { shared, calls } = setUp(async () => {
    if (down) throw new Error('down');
    return 'up';
  });
  await expect(shared.request(read)).rejects.toThrow('down');
  down = false;
  expect(await shared.request(read)).toBe('up');
  expect(calls).toHaveLength(2);
});
