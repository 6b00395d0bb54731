import { createHash } from 'node:crypto';
import { QBitFlowError, type StoreSchema } from '@qbitflow/core/store';
import type { RedisArgument } from './client-types.js';
import { isNil, numberOf, textOf } from './codec.js';
import type { Run } from './run.js';

/**
 * What every script starts with. All keys are derived from KEYS[1], `{prefix}:`, so that one hash tag keeps a store on
 * one cluster node, and a client's own key prefix applies to all of them alike.
 *
 * - `<base>delivery:<key>`: hash, one a delivery; `attempts` has the last ones, one a line, and `token` begins with who
 *   holds it.
 * - `<base>all`: sorted set of all deliveries by sequence number.
 * - `<base>2:meta`: hash: `version` of this layout, `birth` (ms), `sequence`, `forgotten` (ms),
 *   `tombstones`, `tombstoneChanges`, `indexed` (up to which sequence number), `unindexedFrom`, `unindexedTo`,
 *   `verified` (chunk), `errorsIndexed` (up to which sequence number, or `all`), `latest` (when something was recorded last).
 * - `<base>2:due:<type>`: sorted set of the due deliveries of a type, by when they were recorded or replayed (ms).
 *   Each of them is also in `wait:<type>` or in a queue.
 * - `<base>2:wait:<type>`: sorted set of those that wait for their time, by that time (ms).
 * - `<base>2:fresh-first:<type>`, `<base>2:lapsed-first:<type>`: hash of queues: a subject to the first of its deliveries of
 *   the type that may be taken; `lapsed` has those whose earlier start never finished.
 * - `<base>2:fresh:<type>`, `<base>2:lapsed:<type>`: sorted set of the firsts, `<sequence, 15 digits>:<subject>`, by since
 *   when (ms).
 * - `<base>2:fresh:<type>\\n<subject>`, `<base>2:lapsed:<type>\\n<subject>`: sorted set of those behind the first, by since
 *   when (ms); most queues have none.
 * - `<base>2:running`, `<base>2:lapsed`: sorted sets of the running deliveries by when the lease ends (ms); `lapsed` has
 *   those that have been put in a queue since.
 * - `<base>2:done`: sorted set by when it was done (ms). `<base>2:dead`, `<base>2:unhandled`: by sequence number.
 * - `<base>2:types`: set of types that may have something due or lapsed.
 * - `<base>2:bits:<name>\\n<chunk>`: bitmap of 512 sequence numbers; a name is `type:<type>`, `due` or `error`.
 * - `<base>2:chunks:<name>`: sorted set of the chunks that have one. `<base>2:kinds`: set of all types.
 * - `<base>2:subjects:<era>:<0…1023>`: strings of `<digest>:<sequence>;`, in eras of 131,072 sequence numbers; of subjects
 *   and of references.
 * - `<base>2:steps`: sorted set of the sequence numbers before which the clock stepped back, the last 32.
 * - `<base>2:gone:<0…8191>`: strings of tombstones.
 * - `<base>2:note:<name>`: string of `<when it was put, ms>\\n<text>`, which expires. `<base>2:notes`: sorted set of their
 *   names, by name; `<base>2:note-ends`: by when each expires (ms).
 *
 * Every delivery is in exactly one of `due:<type>`, `running`, `lapsed`, `done` and `dead`. Members are
 * `<sequence, 15 digits>:<key>`, so that equal scores fall in the order of recording. The last argument is the channel
 * of hints: no key, so no prefix applies to it.
 */
const PRELUDE = `
local base = KEYS[1]
local channel = table.remove(ARGV)
local index = base .. '2:'
local META, ALL, TYPES = index .. 'meta', base .. 'all', index .. 'types'
local RUNNING, LAPSED = index .. 'running', index .. 'lapsed'
local DONE, DEAD, UNHANDLED = index .. 'done', index .. 'dead', index .. 'unhandled'

local function clock()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function hash_of(key)
  return base .. 'delivery:' .. key
end

local function member_of(sequence, key)
  return string.format('%015.0f:%s', sequence, key)
end

local function key_of(member)
  return string.sub(member, 17)
end

local function sequence_of(member)
  return tonumber(string.sub(member, 1, 15))
end

-- A foreign value under a name of ours must fail before the first write: what was written before an error stays.
local function expect_sorted_sets(names)
  for _, name in ipairs(names) do redis.call('ZCARD', name) end
end

-- Subject, type and so on; nothing of a text that is not what the store writes.
local function facts_of(json)
  local ok, facts = pcall(cjson.decode, json)
  if not ok or type(facts) ~= 'table' then facts = {} end
  if type(facts.type) ~= 'string' then facts.type = '' end
  if type(facts.subject) ~= 'string' then facts.subject = '' end
  if type(facts.reference) ~= 'string' then facts.reference = nil end
  return facts
end

-- Tells listeners that something is due. A user without rights to the channel must not lose the transition.
local function hint(subject)
  redis.pcall('PUBLISH', channel, subject or '')
end
`;

/** The first word of a script's answer when the data is not (or no longer) of this version. */
export const UNPREPARED = 'UNPREPARED';

/** The version of the layout; it changes with every change that an older process would not understand. */
const VERSION = '2';

/** Ends a script before anything is read or written where the data has another version. */
const PREPARED = `
if redis.call('HGET', META, 'version') ~= '${VERSION}' then
  return redis.error_reply('${UNPREPARED} the data has another version or none')
end
`;

/** A Lua script and the name Redis keeps it by. Its one key is the store's base key, `{prefix}:`. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

/** A script of these parts; they may use what the prelude defines. It runs only on data of this version. */
export function script(...parts: readonly string[]): Script {
  return unversioned(PREPARED, ...parts);
}

/** A script that runs whatever version the data has. */
export function unversioned(...parts: readonly string[]): Script {
  const text = [PRELUDE, ...parts].join('');
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

/**
 * Gives the data its version and birth, once. Data of version 1 is taken over as it is: its sets become this version's,
 * and `sequence`, which version 1 counts up first of all in recording, becomes something that cannot be counted: a
 * process with version 1 that still runs beside this one records nothing any more (it knows no tombstones), it answers
 * 503 and the sender comes again; what it holds it may finish.
 */
const MIGRATE = unversioned(`
local version = redis.call('HGET', META, 'version')
if version then return version end
expect_sorted_sets({ base .. 'due', base .. 'running', base .. 'done', base .. 'dead', ALL, DONE, DEAD })
local old, last = base .. 'sequence', redis.call('ZREVRANGE', ALL, 0, 0, 'WITHSCORES')
local sequence = tonumber(last[2] or 0)
if redis.call('TYPE', old).ok == 'string' then sequence = math.max(sequence, tonumber(redis.call('GET', old)) or 0) end
redis.call('DEL', old)
redis.call('HSET', old, 'moved to', '2:meta')
for name, moved in pairs({ done = DONE, dead = DEAD }) do
  if redis.call('EXISTS', base .. name) == 1 and redis.call('EXISTS', moved) == 0 then redis.call('RENAME', base .. name, moved) end
end
redis.call('HSET', META, 'version', '${VERSION}', 'birth', clock(), 'sequence', sequence)
return '${VERSION}'
`);

/** The version of the data; 1 of what was there before there were versions, and nothing of none at all. */
const READ_VERSION = unversioned(`
return redis.call('HGET', META, 'version') or redis.call('EXISTS', ALL) == 1 and '1'
`);

/** The version of the data that is there, and this package's. Makes nothing. */
export async function readSchema(run: Run): Promise<StoreSchema> {
  const reply = await run(READ_VERSION, []);
  return { found: isNil(reply) ? undefined : numberOf(reply), current: Number(VERSION) };
}

/** Runs one script for as long as it takes, and rejects with what the library rejects with. */
export type Evaluate = (script: Script, args: readonly RedisArgument[]) => Promise<unknown>;

/** Makes the data this version's, or rejects with `misconfigured` where a newer version has made it its own. */
export async function prepare(evaluate: Evaluate): Promise<void> {
  const version = textOf(await evaluate(MIGRATE, []));
  if (version !== VERSION)
    throw new QBitFlowError(
      'misconfigured',
      `the Redis store’s data is of version ${version}, and this @qbitflow/store-redis understands version ${VERSION}: a newer one runs on the same prefix; upgrade this process too`,
      { facts: { version } },
    );
}
