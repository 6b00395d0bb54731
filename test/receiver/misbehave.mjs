import { setTimeout as sleep } from 'node:timers/promises';

/** How a handler can go wrong, by the payment's `note`: one process shows all of it, event by event. */
const WAYS = {
  throw: () => {
    throw new Error('told to throw');
  },
  reject: () => Promise.reject(new Error('told to reject')),
  'non-error': () => {
    // oxlint-disable-next-line only-throw-error, no-throw-literal -- what merchants' code may do
    throw 'told to throw no Error';
  },
  hang: () => new Promise(() => undefined),
  late: () => sleep(400),
  // Nothing is said and nothing tidied up, as when the machine runs out of memory.
  exit: () => {
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => undefined);
  },
};

/** Goes wrong as the note says; any other note is nobody's business. */
export async function misbehave(note) {
  if (typeof note === 'string' && Object.hasOwn(WAYS, note)) await WAYS[note]();
}
