// Starts and ends the contenders, each in a process of its own.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { SECRET } from './deliveries.mjs';

const START_MS = 20_000;
const ANSWER_MS = 60_000;
const LONG_ANSWER_MS = 900_000;

/**
 * The server `servers/<file>.mjs`, listening. It ends with `stop()`, and with this process whatever happens.
 * @param {{ name: string, file: string, args?: string[], node?: string, env?: Record<string, string>, secret?: string }} options
 */
export async function startServer({ name, file, args = [], node, env = {}, secret = SECRET }) {
  const path = fileURLToPath(new URL(`../servers/${file}.mjs`, import.meta.url));
  const child = fork(path, args, {
    execPath: node ?? process.execPath,
    execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
    env: { ...process.env, NODE_ENV: 'production', QBITFLOW_WEBHOOK_SECRET: secret, ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaint = '';
  child.stderr
    .setEncoding('utf8')
    .on('data', (text) => (complaint = (complaint + text).slice(-2000)));
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${name} ended by itself:\n${complaint.trim()}`);
  });
  ended.catch(() => {});

  async function message(timeoutMs) {
    const signal = AbortSignal.timeout(timeoutMs);
    const [value] = await Promise.race([once(child, 'message', { signal }), ended]);
    return value;
  }

  const { port } = await message(START_MS);
  return {
    name,
    port,
    ended,
    complaint: () => complaint,
    /** What it has cost and handled so far. */
    async figures() {
      child.send({ ask: 'figures' });
      return message(ANSWER_MS);
    },
    /** What its own `answers` have for `what`, however long that takes. */
    async ask(what, given) {
      child.send({ ask: what, with: given });
      return message(LONG_ANSWER_MS);
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
