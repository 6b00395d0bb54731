import type { IoredisLike, IoredisSubscriberLike } from './client-types.js';
import type { RedisConnection } from './connection.js';

/** An ioredis or iovalkey client as a connection. */
export function ioredisConnection(client: IoredisLike): RedisConnection {
  return {
    evalsha: async (sha, key, args) =>
      client.evalshaBuffer?.(sha, '1', key, ...args) ??
      client.callBuffer('evalsha', [sha, '1', key, ...args]),
    eval: async (text, key, args) =>
      client.evalBuffer?.(text, '1', key, ...args) ??
      client.callBuffer('eval', [text, '1', key, ...args]),
    info: async () => client.info(),
    listen(channel, onMessage) {
      const subscriber = duplicateOf(client);
      if (subscriber === undefined) return ignore;
      // An error event that nobody listens to ends the process; reconnecting is the library's affair.
      subscriber.on('error', ignore);
      subscriber.on('message', (_channel, message) => {
        onMessage(String(message));
      });
      // Only once ready: a client without an offline queue refuses what comes earlier.
      subscriber.on('ready', () => {
        subscriber.subscribe(channel).catch(ignore);
      });
      if (subscriber.status === 'wait') subscriber.connect().catch(ignore);
      return () => {
        subscriber.disconnect();
      };
    },
  };
}

/** A wrapped client may have none. */
function duplicateOf(client: IoredisLike): IoredisSubscriberLike | undefined {
  try {
    return client.duplicate();
  } catch {
    return undefined;
  }
}

function ignore(): void {
  // Polling goes on without hints.
}
