import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { followed, openLive } from '../support/live-client.js';
import { openPayment, openSandbox } from '../support/world.js';

test.each([
  ['refuse', 403],
  ['absent', 404],
] as const)('%s: the upgrade is answered with %i', async (webSocket, status) => {
  const sandbox = await openSandbox({ webSocket });
  expect(await openLive(sandbox, followed(await openPayment(sandbox))).refused).toBe(status);
});

test('hang: the upgrade is never answered, and closing the sandbox is not held up', async () => {
  const sandbox = await openSandbox({ webSocket: 'hang' });
  const client = openLive(sandbox, followed(await openPayment(sandbox)));
  await expect.poll(() => sandbox.countRequests('/status/ws')).toBe(1);
  expect(client.socket.readyState).toBe(WebSocket.CONNECTING);
  await sandbox.close();
  expect(await client.closed).toBe(1006);
});

test('silent: opens and answers pings, and says nothing of what happens', async () => {
  const sandbox = await openSandbox({ webSocket: 'silent' });
  const uuid = await openPayment(sandbox);
  const client = openLive(sandbox, followed(uuid));
  await expect.poll(() => client.socket.readyState).toBe(WebSocket.OPEN);
  await sandbox.pay(uuid);
  const pong = new Promise((resolve) => {
    client.socket.once('pong', resolve);
  });
  client.socket.ping();
  await pong;
  expect(client.messages).toEqual([]);
  expect(client.socket.readyState).toBe(WebSocket.OPEN);
});

test('nonsense: much is said, and nothing of it is the status', async () => {
  const sandbox = await openSandbox({ webSocket: 'nonsense' });
  const uuid = await openPayment(sandbox);
  const client = openLive(sandbox, followed(uuid));
  await expect.poll(() => client.messages.length).toBe(13);
  await sandbox.pay(uuid);
  await expect.poll(() => client.messages.length).toBe(26);
  expect(client.messages[0]).toBe('<html>502 Bad Gateway</html>');
  expect(client.messages.join('\n')).not.toContain(
    `{"transactionUUID":"${uuid}","status":{"status":"completed"`,
  );
});

test('drop: dies after the first message, however often one comes back', async () => {
  const sandbox = await openSandbox({ webSocket: 'drop' });
  const uuid = await openPayment(sandbox);
  for (const attempt of [1, 2]) {
    const client = openLive(sandbox, followed(uuid));
    expect(await client.closed).toBe(1006);
    expect(client.messages, `attempt ${attempt}`).toHaveLength(1);
  }
});

test('close-early: ends as if all were said before the final state', async () => {
  const sandbox = await openSandbox({ webSocket: 'close-early' });
  const client = openLive(sandbox, followed(await openPayment(sandbox)));
  expect(await client.closed).toBe(1000);
  expect(client.heard()).toMatchObject([{ status: 404 }]);
});

test('the mode changes at run time, for those that are open too', async () => {
  const sandbox = await openSandbox();
  const uuid = await openPayment(sandbox);
  const client = openLive(sandbox, followed(uuid));
  await expect.poll(client.heard).toHaveLength(1);
  sandbox.setWebSocket('drop');
  await sandbox.fail(uuid);
  expect(await client.closed).toBe(1006);
  expect(client.heard().at(-1)).toMatchObject({ status: { status: 'failed' } });
  sandbox.setWebSocket('refuse');
  expect(await openLive(sandbox, followed(uuid)).refused).toBe(403);
  // @ts-expect-error what a caller without types may pass
  expect(() => sandbox.setWebSocket('shout')).toThrow('there is no WebSocket mode "shout"');
});
