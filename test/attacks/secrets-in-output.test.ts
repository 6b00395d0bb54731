import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const SECRETS = {
  QBITFLOW_API_KEY: 'sk_4711_test_privatekey0815',
  QBITFLOW_WEBHOOK_SECRET: 'whsec_privatesecret0815,whsec_formersecret0815',
  STORE_PASSWORD: 'hunter0815',
};

/** All that a failing shop prints on both outputs, whatever prints it. */
async function outputOf(logger: 'default' | 'console' | 'json'): Promise<string> {
  const script = join(import.meta.dirname, 'failing-kit.mjs');
  const env = { ...process.env, ...SECRETS };
  const run = promisify(execFile)(process.execPath, [script, logger], {
    env,
    maxBuffer: 64 * 1_048_576,
  });
  const { stdout, stderr } = await run;
  return stdout + stderr;
}

test.each(['default', 'console', 'json'] as const)(
  'with the logger %s no secret, key or password is in anything a failing shop prints',
  async (logger) => {
    const output = await outputOf(logger);
    expect(output).toContain('everything failed');
    for (const code of [
      'invalid_signature',
      'body_consumed',
      'store_unavailable',
      'respond_failed',
    ])
      expect(output).toContain(code);
    const leaks = output
      .split('\n')
      .filter((line) => /(?:private|former)\w*0815|hunter0815/.test(line));
    expect(leaks).toEqual([]);
  },
  60_000,
);
