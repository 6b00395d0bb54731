import type { Runtime } from '../runtime.js';
import type { DeliverySource, RecordOutcome } from '../store/durable-store.js';

/** Something that was seen by looking: no delivery, but what the API says when asked. */
export interface Look {
  /** A v2 envelope. */
  readonly body: object;
  /** When it came about, ms since 1970, from the API's answer; `undefined` when that does not say. */
  readonly happenedAt: number | undefined;
  readonly source: Exclude<DeliverySource, 'webhook'>;
}

/**
 * What became of a look, beside the store's own outcomes. `too_old`: it happened before the store's memory begins, so it
 * may have been handled and forgotten. `undated`: nothing says when it happened. Both are left to their webhooks.
 */
export type LookOutcome =
  RecordOutcome | { readonly status: 'too_old' } | { readonly status: 'undated' };

/** The one way for looks into the inbox. */
export interface Looks {
  /** Records what was seen, if the store would know it had it been handled before. Rejects when the store does not answer. */
  readonly record: (look: Look) => Promise<LookOutcome>;
  /** Asks the store once how far back it knows its keys, to notice when it forgets some. Never rejects. */
  readonly begin: () => Promise<void>;
}

/** Records a body as if it had been delivered; resolves with what the store says. */
export type RecordBody = (body: object, source: DeliverySource) => Promise<RecordOutcome>;

/** The inbox, as looks use it. */
export interface LookInbox {
  readonly recordBody: RecordBody;
  /** Since when the store knows every key it was given, ms since 1970 by its clock. */
  readonly knownSince: () => Promise<number>;
}

/** As far as a webhook's signature may be off: with clocks further apart no delivery would be taken at all. */
const CLOCKS_APART_MS = 300_000;

/**
 * Keeps looks from being events: a page or a recovery sees a payment as often as it is opened, for years. What happened
 * before the store's memory begins is left to its webhook, which comes but for a few days. A clock that goes wrong must
 * fall on that side too: what the API dates later than it was, by its clock's lead, would be handled a second time.
 */
export function createLooks({ settings, clock, lead }: Runtime, inbox: LookInbox): Looks {
  const { keepKeysMs } = settings.handlers;
  let firstKnown: number | undefined;

  function begins(since: number): number {
    firstKnown ??= since;
    // The keys of a shared store may expire without a sign.
    const kept = Math.max(since, clock.now() - keepKeysMs);
    // What a memory forgets it dates by a clock of its own.
    return kept > firstKnown ? kept + CLOCKS_APART_MS : kept;
  }

  return {
    async record({ body, happenedAt, source }) {
      if (happenedAt === undefined) return { status: 'undated' };
      // Asked last, and for each look: keys are forgotten meanwhile.
      const isRemembered = happenedAt - lead.ms() > begins(await inbox.knownSince());
      return isRemembered ? inbox.recordBody(body, source) : { status: 'too_old' };
    },
    async begin() {
      try {
        begins(await inbox.knownSince());
      } catch {
        // The first look asks again.
      }
    },
  };
}
