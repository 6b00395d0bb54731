import { expect, test } from 'vitest';
import {
  freshId,
  handled,
  outcome,
  paymentV2,
  post,
  RECEIVED,
  REFUSED,
  signed,
} from '../support/deliver.js';
import type { Subject } from '../support/receivers.js';
import { send } from '../support/send.js';

export function mounting({ target, receiver }: Subject): void {
  const isFramework = target !== 'node' && target !== 'fetch';
  const below = () =>
    isFramework ? receiver('--mount=/pay/qbitflow', '--shop') : receiver('--mount=/pay/qbitflow');

  test('below a path of its own, behind a router, everything is there and nothing elsewhere', async () => {
    const it = await below();
    const uuid = freshId();
    const delivery = signed('v2', paymentV2(uuid));
    expect((await post(it, delivery)).status).toBe(404);
    expect(outcome(await post(it, delivery, '/pay/qbitflow/webhook'))).toEqual(RECEIVED);
    await handled(it, uuid);
    expect((await send(`${it.url}/pay/qbitflow/success`)).status).toBe(400);
    expect((await send(`${it.url}/pay/qbitflow/cancel`)).status).toBe(400);
    expect((await send(`${it.url}/success`)).status).toBe(404);
  });

  if (!isFramework) return;

  test("the shop's own pages and its error page stay its own", async () => {
    const it = await below();
    expect(await send(`${it.url}/own`)).toMatchObject({ status: 200, text: 'a page of the shop' });
    const broken = { status: 500, text: 'the error page of the shop' };
    expect(await send(`${it.url}/broken`)).toMatchObject(broken);
  });

  test("no answer of ours goes through the shop's error page", async () => {
    const it = await below();
    const unsigned = { headers: {}, body: Buffer.from('{}') };
    expect(outcome(await post(it, unsigned, '/pay/qbitflow/webhook'))).toEqual(REFUSED);
  });

  // Every framework's parser turns it down before our route is reached; it must not look like a 200.
  test("what the shop's own parser cannot read is not acknowledged", async () => {
    const it = await receiver('--parser=json', '--shop');
    const answer = await post(it, signed('v2', '{"not": "json"'));
    expect([answer.status, answer.text]).toEqual([500, 'the error page of the shop']);
  });
}
