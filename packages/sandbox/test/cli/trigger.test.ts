import { expect, test } from 'vitest';
import { parseArguments } from '../../src/command-line.js';
import { triggerTypes } from '../../src/trigger/trigger-types.js';
import { runTrigger } from '../../src/trigger/run-trigger.js';
import type { TriggerCommand } from '../../src/trigger/trigger-command.js';
import { builtCli, runCli } from '../support/cli.js';
import { startReceiver } from '../support/receiver.js';
import { openSandbox, openWorld } from '../support/world.js';

const built = builtCli();

function commandOf(line: string): Extract<TriggerCommand, { do: 'trigger' }> {
  const command = parseArguments(['trigger', ...line.split(' ')]);
  if (command.do !== 'trigger') throw new Error(`understood as ${command.do}`);
  return command;
}

test('values are JSON where they are such, else text, and never a rounded number', () => {
  const set =
    '--set a=order-1 --set b=7 --set c=null --set d={"e":[1]} --set f="7" --set g= --set h=12345678901234567890 --set i=x=y';
  expect(commandOf(`payment.completed ${set}`).set).toEqual({
    a: 'order-1',
    b: 7,
    c: null,
    d: { e: [1] },
    f: '7',
    g: '',
    h: '12345678901234567890',
    i: 'x=y',
  });
});

test.each([
  ['', 'give one type to trigger'],
  ['payment.completed subscription.created', 'give one type to trigger'],
  ['payment.complete', 'did you mean payment.completed'],
  ['payment.completed --set nothing', 'write path=value'],
  ['payment.completed --set =x', 'write path=value'],
  ['payment.completed --v1 --v2', 'leave --v1 or --v2 out'],
  ['payment.completed --secret whsec_a', '--secret and --allow-remote go with --url'],
  ['payment.completed --url http://127.0.0.1:3000/ --sandbox http://127.0.0.1:4242', 'leave --url'],
  ['payment.completed --url https://shop.example/', 'is not this machine'],
  ['payment.completed --url nowhere', 'not an absolute http(s) URL'],
  ['payment.completed --sandbox 4242', '--sandbox must be the URL'],
  ['payment.completed --sandbox ftp://127.0.0.1', '--sandbox must be the URL'],
  ['payment.completed --nope', "Unknown option '--nope'"],
])('trigger %s is refused', (line, message) => {
  const args = line === '' ? [] : line.split(' ');
  expect(() => parseArguments(['trigger', ...args])).toThrow(message);
});

test('a sandbox that runs sends it, once', async () => {
  const { sandbox, receiver } = await openWorld({}, (response) => {
    response.writeHead(404).end('Cannot POST /webhook');
  });
  const outcome = await runTrigger(
    commandOf(`payment.completed --sandbox ${sandbox.url} --set data.reference=order-1`),
  );
  expect(outcome).toMatchObject({ state: 'failed', attempts: [{ status: 404 }] });
  expect(receiver.received).toHaveLength(1);
  expect(receiver.received[0]?.body).toContain('"reference":"order-1"');
});

test('where no sandbox answers, both ways on are named', async () => {
  const sandbox = await openSandbox();
  await sandbox.close();
  await expect(runTrigger(commandOf(`payment.completed --sandbox ${sandbox.url}`))).rejects.toThrow(
    /no sandbox answers at http:\/\/127\.0\.0\.1:\d+ \(.*ECONNREFUSED.*start one.*--url/,
  );
});

test.each(['ok', '{"type":1}', '{"type":"a","eventId":"b","state":"c","attempts":[null]}', 'null'])(
  'another program that answers %s is no sandbox',
  async (text) => {
    const other = await startReceiver((response) => response.end(text));
    const asked = runTrigger(commandOf(`payment.completed --sandbox ${new URL(other.url).origin}`));
    await expect(asked).rejects.toThrow('is no sandbox');
    await other.close();
  },
);

test('what the sandbox objects to is said in its words', async () => {
  const sandbox = await openSandbox();
  const asked = runTrigger(commandOf(`payment.completed --sandbox ${sandbox.url}`));
  await expect(asked).rejects.toThrow('the sandbox says: the sandbox has no webhook URL');
});

test.skipIf(!built)('it prints what the shop answered and exits with 0', async () => {
  const receiver = await startReceiver((response) => response.end('{"received":true}'));
  const cli = await runCli(['trigger', 'payment.completed', '--url', receiver.url]);
  expect(await cli.exitCode).toBe(0);
  expect(cli.stdout()).toMatch(
    /^delivery delivered payment\.completed \(v2\) evt_\S+ attempt 1: 200 \{"received":true\}\n$/,
  );
  await receiver.close();
});

test.skipIf(!built)('a shop that does not accept it is exit code 1, with what to try', async () => {
  const receiver = await startReceiver((response) => response.writeHead(404).end('Not Found'));
  const cli = await runCli(['trigger', 'webhook.test', '--v1', '--url', receiver.url]);
  expect(await cli.exitCode).toBe(1);
  expect(cli.stdout()).toMatch(/^delivery failed webhook\.test \(v1\) .*404 Not Found\n {2}try: /);
  await receiver.close();
});

test.skipIf(!built)('wrong usage is exit code 2, in one line', async () => {
  const cli = await runCli(['trigger', 'payment.done']);
  expect(await cli.exitCode).toBe(2);
  expect(cli.stderr()).toMatch(/^qbitflow-sandbox: there is no type "payment\.done".*\n$/);
});

test.skipIf(!built).each(['--help', '--list'])('trigger %s lists every type', async (option) => {
  const cli = await runCli(['trigger', option]);
  expect(await cli.exitCode).toBe(0);
  for (const { name, summary } of triggerTypes)
    expect(cli.stdout()).toMatch(new RegExp(`^ {4}${name} +${summary}$`, 'm'));
});
