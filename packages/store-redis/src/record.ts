import type { NewDelivery, RecordOutcome } from '@qbitflow/core';
import type { RedisArgument } from './client/client-types.js';
import { readState, writeFacts } from './delivery-fields.js';
import { arrayOf, textOf } from './script/reply.js';
import type { Run } from './script/run.js';
import { script } from './script/script.js';

// ARGV: seven values a delivery.
const RECORD = script(`
local at = clock()
local answers = {}
for i = 1, #ARGV, 7 do
  local key, state = ARGV[i], ARGV[i + 1]
  local hash = hash_of(key)
  local known = redis.call('HGET', hash, 'state')
  if known then
    answers[#answers + 1] = known
  else
    local sequence = redis.call('INCR', base .. 'sequence')
    local member = member_of(sequence, key)
    redis.call('HSET', hash, 'state', state, 'sequence', sequence, 'recordedAt', at,
      'facts', ARGV[i + 4], 'headers', ARGV[i + 5], 'raw', ARGV[i + 6])
    redis.call('ZADD', base .. 'all', sequence, member)
    if state == 'due' then
      redis.call('ZADD', base .. 'due', at, member)
      hint(ARGV[i + 3])
    else
      redis.call('HSET', hash, 'lastError', ARGV[i + 2])
      redis.call('ZADD', base .. 'dead', sequence, member)
    end
    answers[#answers + 1] = 'recorded'
  end
end
return answers
`);

/** Keeps deliveries whose keys are not known yet, all in one step, and answers for each in order. */
export async function record(
  run: Run,
  deliveries: readonly NewDelivery[],
): Promise<readonly RecordOutcome[]> {
  const reply = await run(RECORD, deliveries.flatMap(argumentsOf));
  return arrayOf(reply).map((answer) =>
    textOf(answer) === 'recorded'
      ? { status: 'recorded' }
      : { status: 'duplicate', state: readState(answer) },
  );
}

function argumentsOf({ key, dead, subject, ...delivery }: NewDelivery): RedisArgument[] {
  const { headers, raw, id, type, version, source, receivedAt } = delivery;
  return [
    key,
    dead === undefined ? 'due' : 'dead',
    dead ?? '',
    subject,
    writeFacts({ subject, id, type, version, source, receivedAt }),
    JSON.stringify(headers),
    Buffer.from(raw.buffer, raw.byteOffset, raw.length),
  ];
}
