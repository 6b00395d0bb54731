import { expect, test } from 'vitest';
import { deliveryLine } from '../../src/command-line.js';
import { openPayment, openWorld } from '../support/world.js';

test('a delivery says what the shop answered, and what to try below it', async () => {
  const { sandbox } = await openWorld({}, (response, number) => {
    if (number === 1) response.writeHead(404).end('Cannot POST /webhook\u001b[2J');
    else response.end('{"received":true}');
  });
  const lines: (string | undefined)[] = [];
  sandbox.onDelivery((delivery) => lines.push(deliveryLine(delivery)));
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  const event = `payment.completed (v2) ${sandbox.events[0]?.id}`;
  expect(lines).toEqual([
    undefined,
    expect.stringMatching(
      /^delivery waiting .* attempt 1: 404 Cannot POST \/webhook \[2J\n {2}try: check the path: [^\n]+$/,
    ),
    `delivery delivered ${event} attempt 2: 200 {"received":true}`,
  ]);
});

test('a redirect says where to', async () => {
  const { sandbox } = await openWorld({ retryDelaysMs: [] }, (response) => {
    response.writeHead(302, { location: 'http://127.0.0.1:9/login' }).end();
  });
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  const [delivery] = sandbox.deliveries;
  expect(delivery && deliveryLine(delivery)).toContain(
    'attempt 1: 302 to http://127.0.0.1:9/login',
  );
});
