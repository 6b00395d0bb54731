// Starts and ends the shop that is attacked.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const START_MS = 30_000;
const VICTIM = fileURLToPath(new URL('../victim.mjs', import.meta.url));

export const SECRET = 'whsec_attacked_0123456789abcdef';

/**
 * A shop on the built kit in folder `kit`, with `options` for createQBitFlow that JSON can carry.
 * `begin()` starts a measurement, `figures()` says what it came to.
 */
export async function startVictim(kit, options = { webhookSecret: SECRET }) {
  const child = fork(VICTIM, [], {
    execArgv: ['--expose-gc'],
    env: { ...process.env, NODE_ENV: 'production', VICTIM: JSON.stringify({ kit, options }) },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaint = '';
  child.stderr
    .setEncoding('utf8')
    .on('data', (text) => (complaint = (complaint + text).slice(-2000)));
  const ended = once(child, 'exit').then(() => {
    throw new Error(`the shop ended by itself:\n${complaint.trim()}`);
  });
  ended.catch(() => {});
  const timeout = AbortSignal.timeout(START_MS);
  const [{ port }] = await Promise.race([once(child, 'message', { signal: timeout }), ended]);

  let asked = 0;
  function ask(what) {
    asked += 1;
    const id = asked;
    const answered = new Promise((resolve) => {
      child.on('message', function hear(message) {
        if (message.id !== id) return;
        child.off('message', hear);
        resolve(message.answer);
      });
    });
    child.send({ id, ask: what });
    return Promise.race([answered, ended]);
  }

  return {
    port,
    begin: () => ask('begin'),
    figures: () => ask('figures'),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
