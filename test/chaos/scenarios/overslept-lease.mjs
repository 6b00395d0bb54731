import { setTimeout as sleep } from 'node:timers/promises';
import { bodyOf, makeEvents, SECRET } from '../support/events.mjs';
import { startFleet } from '../support/fleet.mjs';
import { notesIn, readLog, successesIn } from '../support/log.mjs';
import { nobodyDied, nothingIsLeft } from '../support/promises.mjs';
import { seeded } from '../support/random.mjs';
import { post } from '../support/sender.mjs';
import { until } from '../support/until.mjs';
import { signDelivery } from '@qbitflow/core/testing';

/** One worker is stopped in the middle of a handler and sleeps past its lease; another finishes; the first wakes up. */
export async function oversleptLease(arena, { seed }) {
  const events = makeEvents(seeded(seed), 1);
  const [event] = events;
  const args = [`--store=${arena.spec}`, `--log=${arena.log}`, '--lease=1000', '--delay=700'];
  const [sleeper, other] = [await startFleet(1, { args }), { fleet: undefined }];
  const notes = (kind) => notesIn(readLog(arena.log), kind);
  try {
    const [receiver] = sleeper.slots;
    await deliver(receiver.url, event);
    await until('the handler runs', () => notes('delivery_started').length === 1);
    // Not in the middle of a transaction: a file that is locked by a process that sleeps is nobody's.
    await sleep(100);
    receiver.signal('SIGSTOP');
    other.fleet = await startFleet(1, { args });
    await until('the other has done it', () => notes('delivery_completed').length === 1);
    receiver.signal('SIGCONT');
    await until('the sleeper has noticed', () => notes('lease_lost').length > 0);
    // What it would still write, if it did not know, it writes before this one.
    await until('the sleeper is at work again', async () => worksAgain(receiver));
    const broken = [
      ...(await brokenBy(arena, { sleeper: receiver.pid, event })),
      ...(await nothingIsLeft(arena.store, 1)),
      ...nobodyDied(sleeper),
      ...nobodyDied(other.fleet),
    ];
    return { broken, figures: { events: 1, 'leases lost': notes('lease_lost').length, left: 0 } };
  } finally {
    await Promise.all([sleeper.close(), other.fleet?.close()]);
  }
}

async function deliver(url, event) {
  return post(url, signDelivery({ version: 'v2', body: bodyOf(event), secret: SECRET }));
}

/** A body that is not signed is refused without the store: the process answers again. */
const worksAgain = async ({ url }) => {
  const { status } = await post(url, { headers: {}, body: Buffer.from('{}') });
  return status === 401;
};

async function brokenBy(arena, { sleeper, event }) {
  const lines = readLog(arena.log);
  const completed = notesIn(lines, 'delivery_completed');
  const lost = notesIn(lines, 'lease_lost');
  const { started, finished, state } = (await arena.store.get(event.key)) ?? {};
  const facts = {
    'completed by the other alone': completed.every(({ pid }) => pid !== sleeper),
    'completed once': completed.length === 1,
    'the lease was lost by the sleeper alone': lost.every(({ pid }) => pid === sleeper),
    'the other ran it once': successesIn(lines).filter(({ pid }) => pid !== sleeper).length === 1,
    'done after two starts': state === 'done' && started === 2 && finished === 2,
  };
  return Object.entries(facts).flatMap(([fact, holds]) => (holds ? [] : [`not true: ${fact}`]));
}
