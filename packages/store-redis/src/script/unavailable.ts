import { isQBitFlowError, QBitFlowError } from '@qbitflow/core';

/** What the first word of a Redis error means for the store. */
const MEANINGS: ReadonlyMap<string, string> = new Map([
  ['OOM', 'Redis is out of memory: raise maxmemory, or prune more often'],
  ['READONLY', 'this is a read-only replica: connect to the primary'],
  ['LOADING', 'Redis is still loading its data: it will be ready shortly'],
  ['MOVED', 'this is a node of a cluster: use the library’s cluster client'],
  ['ASK', 'this is a node of a cluster: use the library’s cluster client'],
  ['CLUSTERDOWN', 'the cluster cannot serve this key: some of its slots have no node'],
  ['TRYAGAIN', 'the cluster is moving this key to another node'],
  ['MASTERDOWN', 'the replica has lost its primary'],
  ['NOREPLICAS', 'too few replicas are connected (min-replicas-to-write)'],
  ['MISCONF', 'Redis cannot save to disk and refuses writes: look at its log'],
  ['BUSY', 'another script keeps Redis busy'],
  ['NOAUTH', 'the client has not authenticated'],
  ['WRONGPASS', 'the user name or password is wrong'],
  ['NOPERM', 'the Redis user may not run scripts, or not on these keys'],
  ['WRONGTYPE', 'another program uses keys under this prefix: give the store its own'],
]);

/**
 * Any failure of a command as `store_unavailable`, with the cause kept. The message is made of our own words:
 * the library's may contain an address with a password.
 */
export function unavailable(thrown: unknown): QBitFlowError {
  if (isQBitFlowError(thrown)) return thrown;
  const message = thrown instanceof Error ? thrown.message : '';
  // Redis 6.2 wraps the error of a command inside a script: "ERR Error running script …: -OOM command …".
  const code = /(?:^|-)([A-Z]{3,})\b/g;
  const known = [...message.matchAll(code)].map(([, word = '']) => MEANINGS.get(word));
  const meaning = known.find((sentence) => sentence !== undefined);
  return new QBitFlowError(
    'store_unavailable',
    `the Redis store cannot be used: ${meaning ?? 'the connection failed or the command was refused; is the server up and the client connected?'}`,
    { cause: thrown },
  );
}

/** No answer within the bound. */
export function timedOut(timeoutMs: number): QBitFlowError {
  return new QBitFlowError(
    'store_unavailable',
    `Redis did not answer within ${timeoutMs} ms: it is down, stalled or not reachable, and the client is waiting for it`,
    { facts: { timeoutMs } },
  );
}

/** Called after `close()`. */
export function closed(): QBitFlowError {
  return new QBitFlowError(
    'store_unavailable',
    'the Redis store is closed: create a new one, or close the kit only when nothing uses it any more',
  );
}
