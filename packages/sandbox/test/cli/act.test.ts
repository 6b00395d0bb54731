import { expect, test } from 'vitest';
import { parseArguments } from '../../src/command-line.js';
import { runAct, type ActCommand } from '../../src/act-command.js';
import { sessionActions } from '../../src/checkout/session-actions.js';
import { builtCli, runCli } from '../support/cli.js';
import { startReceiver } from '../support/receiver.js';
import { openPayment, openSandbox } from '../support/world.js';

const built = builtCli();
const HOUR_MS = 3_600_000;

function commandOf(...args: readonly string[]): Exclude<ActCommand, { do: 'act-help' }> {
  const command = parseArguments(args);
  if (command.do === 'act' || command.do === 'advance') return command;
  throw new Error(`understood as ${command.do}`);
}

test('acts on a session of a running sandbox, told what it needs', async () => {
  const sandbox = await openSandbox();
  const uuid = await openPayment(sandbox);
  const at = ['--sandbox', sandbox.url];
  expect(await runAct(commandOf('act', 'pay', uuid, ...at))).toBe(`session completed ${uuid}`);
  await runAct(commandOf('act', 'refund', uuid, 'percent=50', 'reason=too small', ...at));
  expect(sandbox.sessions[0]?.refund).toMatchObject({ percent: 50, reason: 'too small' });
});

test.each([
  ['1500', 1_500],
  ['1500ms', 1_500],
  ['2s', 2_000],
  ['3m', 180_000],
  ['25h', 25 * HOUR_MS],
  ['30d', 720 * HOUR_MS],
])('advance %s moves the clock by %d ms', (length, advanceMs) => {
  expect(commandOf('advance', length)).toMatchObject({ do: 'advance', advanceMs });
});

test('moves the clock of a running sandbox, and what is due happens', async () => {
  const sandbox = await openSandbox();
  await openPayment(sandbox);
  const before = sandbox.now;
  const said = await runAct(commandOf('advance', '25h', '--sandbox', sandbox.url));
  expect(Date.parse(said.replace('it is ', ''))).toBeGreaterThanOrEqual(before + 25 * HOUR_MS);
  expect(sandbox.sessions[0]?.status).toBe('expired');
});

test.each([
  [['act'], 'give an action and a session'],
  [['act', 'pay'], 'give an action and a session'],
  [['act', 'refnd', 'pay@1'], 'did you mean refund'],
  [['act', 'refund', 'pay@1', 'percent'], 'write path=value'],
  [['act', 'pay', 'pay@1', '--sandbox', '4242'], '--sandbox must be the URL'],
  [['act', 'pay', 'pay@1', '--nope'], "Unknown option '--nope'"],
  [['advance'], 'give one length of time'],
  [['advance', '1d', '1d'], 'give one length of time'],
  [['advance', '-1d'], 'Unknown option'],
  [['advance', '1y'], 'give one length of time'],
])('%j is refused', (args, message) => {
  expect(() => parseArguments(args)).toThrow(message);
});

test('what the sandbox objects to is said in its words', async () => {
  const sandbox = await openSandbox();
  const uuid = await openPayment(sandbox);
  const at = ['--sandbox', sandbox.url];
  await expect(runAct(commandOf('act', 'refund', uuid, ...at))).rejects.toThrow(
    /^the sandbox says: /,
  );
  await expect(runAct(commandOf('act', 'pay', 'pay@nowhere', ...at))).rejects.toThrow(
    /^the sandbox says: .*pay@nowhere/,
  );
  await expect(runAct(commandOf('advance', '9999d', ...at))).rejects.toThrow('10 years');
});

test.each(['ok', 'null', '{"session":1}', '{"now":1}'])(
  'another program that answers %s is no sandbox',
  async (text) => {
    const other = await startReceiver((response) => response.end(text));
    const at = ['--sandbox', new URL(other.url).origin];
    await expect(runAct(commandOf('act', 'pay', 'pay@1', ...at))).rejects.toThrow('is no sandbox');
    await expect(runAct(commandOf('advance', '1d', ...at))).rejects.toThrow('is no sandbox');
    await other.close();
  },
);

test.skipIf(!built)(
  'the command line prints it, and 1 is the exit code of what fails',
  async () => {
    const sandbox = await openSandbox();
    const uuid = await openPayment(sandbox);
    const paid = await runCli(['act', 'pay', uuid, '--sandbox', sandbox.url]);
    expect(await paid.exitCode).toBe(0);
    expect(paid.stdout()).toBe(`session completed ${uuid}\n`);
    const late = await runCli(['act', 'expire', uuid, '--sandbox', sandbox.url]);
    expect(await late.exitCode).toBe(1);
    expect(late.stderr()).toMatch(/^qbitflow-sandbox: the sandbox says: .*\n$/);
  },
);

test.skipIf(!built).each(['act', 'advance'])('%s --help lists every action', async (command) => {
  const cli = await runCli([command, '--help']);
  expect(await cli.exitCode).toBe(0);
  for (const { name } of sessionActions)
    expect(cli.stdout()).toMatch(new RegExp(`^ {4}${name} `, 'm'));
});
