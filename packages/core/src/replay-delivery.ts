import { UNREADABLE_TYPE } from './event/keys.js';
import { moneyOf } from './mode.js';
import type { ParseResult } from './protocol/parse-result.js';
import { parseJson } from './protocol/json.js';
import { lookInV2 } from './protocol/v1/look-in-v2.js';
import type { DurableStore, NewDelivery, StoredDelivery } from './store/durable-store.js';
import type { ReceivedBody } from './webhook/body.js';
import { readReceived } from './webhook/parse-event.js';
import { toNewDelivery } from './webhook/record.js';

/**
 * What became of a replay: due again under `key`; or nothing, because the event is `known` under `key`, its body is
 * still `unreadable`, or no dead or done delivery has that key.
 */
export type ReplayOutcome =
  | { readonly status: 'replayed' | 'known'; readonly key: string }
  | { readonly status: 'unreadable'; readonly problem: string }
  | { readonly status: 'nothing' };

/**
 * Makes a dead or done delivery due again. A body that an earlier version could not read and this one can goes on
 * under the key of what it says: the same event may have come another way meanwhile, and must not be handled twice.
 */
export async function replayDelivery(store: DurableStore, key: string): Promise<ReplayOutcome> {
  const isUnderAnotherName = key.startsWith(`${UNREADABLE_TYPE}:`) || moneyOf(key) !== undefined;
  const found = isUnderAnotherName ? await store.get(key) : undefined;
  if (found === undefined)
    return (await store.replay(key)) ? { status: 'replayed', key } : { status: 'nothing' };
  if (found.state === 'due' || found.state === 'running') return { status: 'nothing' };
  const { parsed, delivery } = readAgain(found);
  // What cannot be read is never claimed: made due it would be forgotten some day, and its body with it.
  if (!parsed.ok) return { status: 'unreadable', problem: parsed.problem };
  return goOnAs(store, { key, delivery });
}

async function goOnAs(
  store: DurableStore,
  { key, delivery }: { readonly key: string; readonly delivery: NewDelivery },
): Promise<ReplayOutcome> {
  const outcome = await store.record(delivery);
  const isDead = outcome.status === 'duplicate' && outcome.state === 'dead';
  const isDue = outcome.status === 'recorded' || (isDead && (await store.replay(delivery.key)));
  // Last: until the event is recorded under its own key, the dead letter is all there is of it.
  await store.discard(key);
  return { status: isDue ? 'replayed' : 'known', key: delivery.key };
}

function readAgain(found: StoredDelivery): {
  readonly parsed: ParseResult;
  readonly delivery: NewDelivery;
} {
  const { source, headers, receivedAt } = found;
  const body = bodyOf(found);
  const { version, parsed } = readReceived(found.version, body);
  return {
    parsed,
    delivery: toNewDelivery({ version, source, headers, body, parsed, receivedAt, mode: 'both' }),
  };
}

/** A look was recorded as earlier versions understood the API; a delivery's bytes are what was signed. */
function bodyOf({ source, raw }: StoredDelivery): ReceivedBody {
  const bytes = Buffer.from(raw);
  const json = source === 'webhook' ? undefined : parseJson(bytes);
  return json?.ok === true
    ? { kind: 'value', value: lookInV2(json.value) }
    : { kind: 'bytes', bytes };
}
