import {
  asError,
  isQBitFlowError,
  storeUnavailable,
  type QBitFlowError,
} from '@qbitflow/core/store';

/** What the store calls itself. */
export const STORE = 'redis';

/**
 * Any failure of a command as `store_unavailable`, with the cause kept. The message is made of our own words:
 * the library's may contain an address with a password.
 */
export function unavailable(thrown: unknown): QBitFlowError {
  if (isQBitFlowError(thrown)) return thrown;
  const meaning =
    meaningOf(thrown)?.sentence ??
    'the connection failed or the command was refused; is the server up and the client connected?';
  return storeUnavailable(STORE, `cannot be used: ${meaning}`, { cause: thrown });
}

/** Something else is kept under the name of one delivery. */
export function foreignKeys(): QBitFlowError {
  return unavailable(new Error('WRONGTYPE the name of a delivery has a value of another kind'));
}

/** No answer within the bound. */
export function timedOut(timeoutMs: number): QBitFlowError {
  return storeUnavailable(
    STORE,
    `cannot be used: Redis did not answer within ${timeoutMs} ms: it is down, stalled or not reachable, and the client is waiting for it`,
    { facts: { timeoutMs } },
  );
}

/** What an error means for the store, in our own words, and whether it stays until it is mended. */
interface Meaning {
  readonly sentence: string;
  readonly permanent?: boolean;
}

const NO_RIGHTS: Meaning = {
  sentence:
    'the Redis user may not run scripts, or not all of their commands, or not on these keys: the README names what it needs',
  permanent: true,
};

/** By the first word of what Redis answers. */
const BY_WORD: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['OOM', { sentence: 'Redis is out of memory: raise maxmemory, or prune more often' }],
  ['READONLY', { sentence: 'this is a read-only replica: connect to the primary' }],
  ['LOADING', { sentence: 'Redis is still loading its data: it will be ready shortly' }],
  [
    'MOVED',
    {
      sentence: 'this is a node of a cluster: use the library’s cluster client',
      permanent: true,
    },
  ],
  ['ASK', { sentence: 'this is a node of a cluster: use the library’s cluster client' }],
  [
    'CLUSTERDOWN',
    { sentence: 'the cluster cannot serve this key: some of its slots have no node' },
  ],
  ['TRYAGAIN', { sentence: 'the cluster is moving this key to another node' }],
  ['MASTERDOWN', { sentence: 'the replica has lost its primary' }],
  ['NOREPLICAS', { sentence: 'too few replicas are connected (min-replicas-to-write)' }],
  ['MISCONF', { sentence: 'Redis cannot save to disk and refuses writes: look at its log' }],
  ['BUSY', { sentence: 'another script keeps Redis busy' }],
  ['NOAUTH', { sentence: 'the client has not authenticated' }],
  ['WRONGPASS', { sentence: 'the user name or password is wrong' }],
  ['NOPERM', NO_RIGHTS],
  [
    'WRONGTYPE',
    {
      sentence: 'another program uses keys under this prefix: give the store its own',
      permanent: true,
    },
  ],
]);

/** By how the message of the server or of the client's library goes. */
const BY_MESSAGE: readonly (readonly [RegExp, Meaning])[] = [
  [/user executing the script/i, NO_RIGHTS],
  [
    /subscriber mode|allowed in this context/i,
    {
      sentence:
        'the client has subscribed to channels and can do nothing else: give the store a client of its own, such as client.duplicate()',
      permanent: true,
    },
  ],
  [
    /(?:client|connection|cluster|sentinel|pool) is closed|closed (?:client|cluster|sentinel|pool)|not (?:yet )?connected/i,
    {
      sentence:
        'the client is closed, or was never connected: connect it first (node-redis: await client.connect()) and close it only after the kit',
    },
  ],
  [
    /undeclared key/i,
    {
      sentence:
        'this server wants scripts to declare every key, which the store’s cannot: allow undeclared keys (Dragonfly: --default_lua_flags=allow-undeclared-keys)',
      permanent: true,
    },
  ],
  [
    /unknown (?:redis )?command|syntax error|wrong number of arg|protocol error/i,
    {
      sentence:
        'the server does not know a command that the store needs: Redis 6.2 or later, or Valkey, with scripts and without renamed commands is needed, reached without a wrapper that changes commands',
      permanent: true,
    },
  ],
];

/** What `thrown` means, or `undefined` where its message tells nothing. */
export function meaningOf(thrown: unknown): Meaning | undefined {
  const { message } = asError(thrown);
  // Redis 6.2 wraps the error of a command inside a script: "ERR Error running script …: -OOM command …".
  const words = [...message.matchAll(/(?:^|-)([A-Z]{3,})\b/g)];
  const byWord = words.map(([, word = '']) => BY_WORD.get(word));
  return (
    byWord.find((meaning) => meaning !== undefined) ??
    BY_MESSAGE.find(([pattern]) => pattern.test(message))?.[1]
  );
}
