import { describe, expect, test } from 'vitest';
import { startReceiver } from './support/start-receiver.js';

const refused = [
  ['--framework=fastify', '--framework=fastify is unknown'],
  ['--store=cassandra://here', '--store=cassandra://here is not supported'],
  ['--parser=yaml', '--parser=yaml is unknown'],
  ['--processing=never', '--processing=never is not supported'],
  ['--port=eighty', '--port=eighty must be a whole number'],
  ['--mount=shop/', '--mount=shop/ must start with a slash'],
  ['--colour=blue', "Unknown option '--colour'"],
] as const;

describe('the receiver', () => {
  test.each(refused)('%s: one line on stderr and exit code 2', async (argument, reason) => {
    const start = startReceiver({ framework: 'node', args: [argument] });
    await expect(start).rejects.toThrow(`the receiver ended with 2: receiver: ${reason}`);
    const lines = await start.catch((error: Error) => error.message.trimEnd().split('\n'));
    expect(lines).toHaveLength(1);
  });
});
