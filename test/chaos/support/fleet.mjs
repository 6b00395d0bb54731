import { startReceiver } from './receiver.mjs';

/** Nobody listens here: what a sender is given while every receiver is down. */
const NOWHERE = 'http://127.0.0.1:9';

/**
 * Several receivers on one store and one log. `kills` are the processes we killed, `deaths` those that ended without
 * being asked to; with `restart` those are started again.
 */
export async function startFleet(count, { args, restart = false }) {
  const kills = [];
  const deaths = [];
  const asked = new WeakSet();
  const slots = Array.from({ length: count }, launch);
  let closing = false;

  function launch() {
    const receiver = startReceiver(args);
    void receiver.ended.then((how) => {
      if (asked.has(receiver)) return;
      deaths.push({ pid: receiver.pid, ...how, stderr: receiver.stderr });
      if (restart && !closing) slots[slots.indexOf(receiver)] = launch();
    });
    return receiver;
  }

  /** Sends a signal and resolves with how the process ended. */
  async function end(receiver, signal) {
    asked.add(receiver);
    receiver.signal(signal);
    // A stopped process hears of nothing but this and SIGKILL.
    receiver.signal('SIGCONT');
    return receiver.ended;
  }

  const urls = await Promise.all(slots.map(async (receiver) => receiver.listening));
  if (urls.includes(undefined))
    throw new Error(`a receiver did not start: ${slots.map(({ stderr }) => stderr).join('')}`);

  return {
    slots,
    kills,
    deaths,
    end,
    /** One that listens, whichever, as a load balancer would choose. */
    urlOf(random) {
      const listening = slots.filter(({ url }) => url !== undefined);
      return listening.length === 0 ? NOWHERE : random.pick(listening).url;
    },
    /** Kills the receiver in a slot without warning and starts another there. */
    async kill(index) {
      const receiver = slots[index];
      kills.push({ pid: receiver.pid, at: Date.now() });
      const ended = end(receiver, 'SIGKILL');
      await ended;
      slots[index] = launch();
    },
    async close() {
      closing = true;
      return Promise.all(slots.map(async (receiver) => end(receiver, 'SIGKILL')));
    },
  };
}
