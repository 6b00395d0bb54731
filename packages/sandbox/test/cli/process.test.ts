import { once } from 'node:events';
import { expect, test } from 'vitest';
import { builtCli, runCli } from '../support/cli.js';

const built = builtCli();

test.skipIf(!built)('says where it listens, answers there, and tells of sessions', async () => {
  const cli = await runCli(['--confirmation-ms', '0', '--api-key', 'sk_mine']);
  const url = await cli.listening();
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const answer = await fetch(`${url}/v2/transaction/session-checkout/new/payment`, {
    method: 'POST',
    headers: { 'x-api-key': 'sk_mine' },
    body: JSON.stringify({ productName: 'Blue T-shirt', price: 4.99 }),
  });
  expect(answer.status).toBe(201);
  await expect.poll(cli.stdout).toMatch(/^session created pay@\S+ http:/m);
});

test.skipIf(!built).each(['SIGINT', 'SIGTERM'] as const)('%s ends it cleanly', async (signal) => {
  const cli = await runCli([]);
  const url = await cli.listening();
  // A connection that is kept open must not hold the end up.
  await (await fetch(url)).text();
  cli.child.kill(signal);
  expect(await once(cli.child, 'exit')).toEqual([0, null]);
  expect(cli.stderr()).toBe('');
});

test.skipIf(!built)('a port in use is said in one line', async () => {
  const first = await runCli([]);
  const { port } = new URL(await first.listening());
  const second = await runCli(['--port', port]);
  expect(await second.exitCode).toBe(1);
  expect(second.stderr()).toMatch(/^qbitflow-sandbox: the port is in use: .*EADDRINUSE.*\n$/);
});

test.skipIf(!built).each([
  [['--scenario', 'duplicate,teleport'], 'there is no scenario "teleport": choose from duplicate,'],
  [['--websocket', 'shout'], 'there is no WebSocket mode "shout": choose from on, refuse,'],
  [['--webhook', 'https://example.com/'], 'is not this machine'],
])('%j is refused with exit code 2', async (args, message) => {
  const cli = await runCli(args);
  expect(await cli.exitCode).toBe(2);
  expect(cli.stderr()).toContain(message);
  expect(cli.stderr().trim().split('\n')).toHaveLength(1);
  expect(cli.stdout()).toBe('');
});

test.skipIf(!built)('--help lists every scenario and mode', async () => {
  const cli = await runCli(['--help']);
  expect(await cli.exitCode).toBe(0);
  for (const word of ['--scenario', 'redirect-first', 'future-type', '--websocket', 'close-early'])
    expect(cli.stdout()).toContain(word);
});
