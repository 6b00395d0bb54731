import { expect, test } from 'vitest';
import { deliver, freshId, handled, paymentV2, RECEIVED } from '../support/deliver.js';
import type { Subject } from '../support/receivers.js';
import { startReceiver } from '../support/start-receiver.js';

export function stopping({ target }: Subject): void {
  test('SIGTERM lets running handlers finish and ends with 0', async () => {
    const it = await startReceiver({ framework: target });
    const [running, before] = [freshId(), freshId()];
    expect(await deliver(it, 'v2', paymentV2(running, { note: 'late' }))).toEqual(RECEIVED);
    expect(await deliver(it, 'v2', paymentV2(before))).toEqual(RECEIVED);
    await handled(it, before);
    expect(await it.stop('SIGTERM')).toBe(0);
    expect((await it.handled()).map(({ uuid }) => uuid)).toEqual([before, running]);
  });
}
