import { expect, test } from 'vitest';
import { openPayment, openSandbox } from './support/world.js';

function recordingLogger() {
  const lines: { level: string; facts: Readonly<Record<string, unknown>>; message: string }[] = [];
  const level = (name: string) => (facts: Readonly<Record<string, unknown>>, message: string) => {
    lines.push({ level: name, facts, message });
  };
  const [debug, info, warn, error] = ['debug', 'info', 'warn', 'error'].map(level);
  if (!debug || !info || !warn || !error) throw new Error('a level is missing');
  return { lines, logger: { debug, info, warn, error } };
}

test('every line has its stable code, and errors travel under err', async () => {
  const { lines, logger } = recordingLogger();
  const sandbox = await openSandbox({ logger });
  const failure = new Error('the listener failed');
  sandbox.onSession(() => {
    throw failure;
  });
  const uuid = await openPayment(sandbox);
  expect(lines).toEqual([
    {
      level: 'error',
      facts: { code: 'listener_failed', err: failure },
      message: 'a sandbox listener threw',
    },
  ]);
  await sandbox.pay(uuid);
  expect(lines.at(-1)).toEqual({
    level: 'warn',
    facts: { code: 'no_webhook_url', type: 'payment.completed' },
    message: 'no webhook URL is set: only logged',
  });
});

test('what was thrown and is no error is wrapped in one', async () => {
  const { lines, logger } = recordingLogger();
  const sandbox = await openSandbox({ logger });
  sandbox.onSession(() => {
    // oxlint-disable-next-line typescript/only-throw-error -- what a listener may throw
    throw 'a text';
  });
  await openPayment(sandbox);
  expect(lines[0]?.facts).toMatchObject({ code: 'listener_failed', err: expect.any(Error) });
});
