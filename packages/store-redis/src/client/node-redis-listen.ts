import type { NodeRedisLike, NodeRedisSubscriberLike } from './client-types.js';

/**
 * Listens on a connection of its own, which `duplicate` makes. It never throws and never rejects. Returns how to close
 * that connection.
 */
export function listenOn(
  duplicate: () => NodeRedisSubscriberLike | Promise<NodeRedisSubscriberLike> | undefined,
  channel: string,
  onMessage: (message: string) => void,
): () => void {
  let closed = false;
  let subscriber: NodeRedisSubscriberLike | undefined;

  async function connect(): Promise<void> {
    subscriber = await duplicate();
    if (subscriber === undefined) return;
    // An error event that nobody listens to ends the process; reconnecting is the library's affair.
    subscriber.on('error', ignore);
    if (closed) return;
    await subscriber.connect();
    if (closed) end(subscriber);
    else await subscriber.subscribe(channel, onMessage);
  }
  connect().catch(ignore);
  return () => {
    closed = true;
    if (subscriber !== undefined) end(subscriber);
  };
}

/** Listens over the merchant's own client, which keeps such connections apart itself. Returns how to stop. */
export function listenOver(
  client: Pick<NodeRedisLike, 'subscribe' | 'unsubscribe'>,
  channel: string,
  onMessage: (message: string) => void,
): () => void {
  const listener = (message: unknown): void => {
    onMessage(String(message));
  };
  const started = (async () => client.subscribe(channel, listener))().catch(ignore);
  return () => {
    void started.then(async () => client.unsubscribe(channel, listener)).catch(ignore);
  };
}

function end(subscriber: NodeRedisSubscriberLike): void {
  // It may throw, or reject, when it is not open yet or no longer.
  destroy(subscriber).catch(ignore);
}

async function destroy(subscriber: NodeRedisSubscriberLike): Promise<void> {
  if (subscriber.destroy === undefined) await subscriber.disconnect?.();
  else await subscriber.destroy();
}

function ignore(): void {
  // Polling goes on without hints.
}
