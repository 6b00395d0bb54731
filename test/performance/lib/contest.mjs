// Contenders side by side: each in a process of its own, all given the same new events in turn, round after round.
import { setTimeout as sleep } from 'node:timers/promises';
import { load, mustAnswer } from './load.mjs';
import { senders } from './senders.mjs';
import { startServer } from './servers.mjs';

const HANDLERS_MAY_TAKE_MS = 30_000;
const LOOK_EVERY_MS = 10;

const events = (sender, count) => Array.from({ length: count }, () => senders[sender].make(false));

/** Waits until every accepted event has reached the handler, or the speed was borrowed. Gives the last figures. */
async function untilHandled(server, accepted) {
  const deadline = performance.now() + HANDLERS_MAY_TAKE_MS;
  let figures = await server.figures();
  while (figures.handled !== null && figures.handled < accepted && performance.now() < deadline) {
    await sleep(LOOK_EVERY_MS);
    figures = await server.figures();
  }
  if (figures.handled !== null && figures.handled !== accepted)
    throw new Error(
      `${server.name}: ${accepted} events accepted, ${figures.handled} handled\n${server.complaint()}`,
    );
  return figures;
}

/**
 * One slot of load, from the first request to the last handler's end. `waiting`: events acknowledged and not yet handled
 * when the last answer came; `cpuUs`: processor time of the whole server process for one event.
 */
export async function slot(server, { requests, accepted = 0, connections = 32 }) {
  const before = await server.figures();
  const start = performance.now();
  const result = await Promise.race([
    load({ port: server.port, requests, connections }),
    server.ended,
  ]);
  const atLastAnswer = await server.figures();
  mustAnswer(200, server.name, result);
  const after = await untilHandled(server, accepted + result.answers);
  const seconds =
    after === atLastAnswer || after.handled === null
      ? result.seconds
      : (performance.now() - start) / 1000;
  return {
    cpuUs: (after.cpuUs - before.cpuUs) / result.answers,
    ackedPerSecond: result.answers / result.seconds,
    perSecond: result.answers / seconds,
    waiting:
      atLastAnswer.handled === null ? null : accepted + result.answers - atLastAnswer.handled,
  };
}

/** Proves that the server checks signatures, and warms it up. */
async function warmUp(server, sender, requests) {
  const forged = [senders[sender].make(true)];
  const refused = await load({ port: server.port, requests: forged, connections: 1 });
  mustAnswer(senders[sender].refusal, server.name, refused);
  await slot(server, { requests });
}

/**
 * Runs `contenders` (`{ name, file, args, sender, env }`) on one Node for `rounds`, `perSlot` new events each.
 * @returns {Promise<Map<string, object[]>>} name → one {@link slot} a round
 */
export async function contest({ contenders, node, rounds, perSlot, warmUps, say }) {
  const running = [];
  const slots = new Map(contenders.map(({ name }) => [name, []]));
  const sending = [...new Set(contenders.map(({ sender = 'qbitflow' }) => sender))];
  try {
    const warming = new Map(sending.map((sender) => [sender, events(sender, warmUps)]));
    for (const { name, file, args, env, sender = 'qbitflow' } of contenders) {
      const { secret } = senders[sender];
      const server = await startServer({ name, file, args, env, node: node.path, secret });
      running.push({ server, sender });
      await warmUp(server, sender, warming.get(sender));
    }
    for (let round = 0; round < rounds; round += 1) {
      say(`${node.name}: round ${round + 1} of ${rounds}`);
      // New for every server: each sees each of them once.
      const requests = new Map(sending.map((sender) => [sender, events(sender, perSlot)]));
      const from = round % running.length;
      for (const { server, sender } of [...running.slice(from), ...running.slice(0, from)]) {
        const accepted = warmUps + round * perSlot;
        const measured = await slot(server, { requests: requests.get(sender), accepted });
        slots.get(server.name).push(measured);
      }
    }
    return slots;
  } finally {
    await Promise.all(running.map(({ server }) => server.stop()));
  }
}
