import { describe, expect, test } from 'vitest';
import {
  deliver,
  DUPLICATE,
  finalLinesAbout,
  freshId,
  handled,
  linesAbout,
  paymentV2,
  RECEIVED,
  stillServes,
} from '../support/deliver.js';
import type { Subject } from '../support/receivers.js';

const reported = [
  ['throws', 'throw', 'told to throw'],
  ['rejects', 'reject', 'told to reject'],
  ['throws no Error', 'non-error', 'told to throw no Error'],
] as const;

export function handlers({ receiver }: Subject): void {
  describe.each(reported)('one that %s', (_how, note, message) => {
    test('changes no answer, is reported, and takes nobody along', async () => {
      const it = await receiver();
      const uuid = freshId();
      const body = paymentV2(uuid, { note });
      expect(await deliver(it, 'v2', body)).toEqual(RECEIVED);
      await expect
        .poll(() => complaintsAbout(it.complaints(), uuid), { interval: 5 })
        .toContain(message);
      expect(await deliver(it, 'v2', body)).toEqual(DUPLICATE);
      expect(await finalLinesAbout(it, uuid)).toEqual([]);
    });
  });

  test('one that hangs for ever changes no answer and holds nobody up', async () => {
    const it = await receiver();
    const uuid = freshId();
    const body = paymentV2(uuid, { note: 'hang' });
    expect(await deliver(it, 'v2', body)).toEqual(RECEIVED);
    await stillServes(it);
    expect(await deliver(it, 'v2', body)).toEqual(DUPLICATE);
  });

  test('one that takes its time: the sender has its answer first', async () => {
    const it = await receiver();
    const uuid = freshId();
    expect(await deliver(it, 'v2', paymentV2(uuid, { note: 'late' }))).toEqual(RECEIVED);
    expect(await linesAbout(it, uuid)).toEqual([]);
    expect(await handled(it, uuid)).toMatchObject({ attempt: 1 });
  });

  test('one that fails twice succeeds on its third attempt, and only once', async () => {
    const it = await receiver('--fail=2', '--backoff=1');
    const uuid = freshId();
    expect(await deliver(it, 'v2', paymentV2(uuid))).toEqual(RECEIVED);
    expect(await handled(it, uuid)).toMatchObject({ attempt: 3 });
    expect(await finalLinesAbout(it, uuid)).toHaveLength(1);
  });
}

function complaintsAbout(
  complaints: readonly { readonly key?: string; readonly message: string }[],
  uuid: string,
): string {
  return complaints
    .filter(({ key }) => key?.endsWith(uuid) === true)
    .map(({ message }) => message)
    .join('\n');
}
