import type { TakenDelivery } from '../store/durable-store.js';

/** A delivery that this worker has claimed and not yet let go. */
export interface ClaimedDelivery {
  /** The token changes when this worker itself claims again what it let lapse. */
  readonly taken: { -readonly [Field in keyof TakenDelivery]: TakenDelivery[Field] };
  /** Stops its handlers: lease lost, or shutdown. */
  readonly stop: StopSwitch;
  running: boolean;
}

/**
 * What a worker has claimed, and which of it may start: no two deliveries of one subject at once, and a recovered run (of
 * a delivery whose process died under it) only beside no other one, with nothing else started until it has proved
 * harmless: its start is exclusive.
 */
export interface Claims {
  readonly size: number;
  add(taken: TakenDelivery): void;
  /** Marks as running and returns the next that may start, or `undefined`. */
  next(): ClaimedDelivery | undefined;
  remove(claimed: ClaimedDelivery): void;
  /** The recovered run lived long enough: others may start beside it. */
  endExclusiveStart(): void;
  all(): readonly ClaimedDelivery[];
  has(key: string): boolean;
  /** What may be claimed beside it: nothing during an exclusive start, no second delivery to recover. */
  readonly claimable: {
    readonly isClosed: boolean;
    readonly exceptSubjects: readonly string[];
    readonly lapsedLimit: number;
  };
}

/** No claims. Arrays: there are few, and sets of things that come and go all the time are rebuilt forever. */
export function createClaims(): Claims {
  const claims: ClaimedDelivery[] = [];
  let recovered: ClaimedDelivery | undefined;
  let isExclusive = false;

  const find = (key: string): ClaimedDelivery | undefined =>
    claims.find(({ taken }) => taken.key === key);

  const isFree = ({ taken: { subject } }: ClaimedDelivery): boolean =>
    !claims.some((other) => other.running && other.taken.subject === subject);

  const startable = (claimed: ClaimedDelivery): boolean => !claimed.running && isFree(claimed);

  function next(): ClaimedDelivery | undefined {
    if (isExclusive) return undefined;
    if (recovered === undefined) {
      recovered = claims.find((claimed) => claimed.taken.lapsed && startable(claimed));
      isExclusive = recovered !== undefined;
      if (recovered !== undefined) return recovered;
    }
    return claims.find((claimed) => !claimed.taken.lapsed && startable(claimed));
  }

  return {
    get size() {
      return claims.length;
    },
    add(taken) {
      // A blocked event loop can miss its own renewals: whoever claims the delivery then is the one still running it.
      const own = find(taken.key);
      if (own === undefined)
        claims.push({ taken: { ...taken }, stop: new StopSwitch(), running: false });
      else own.taken.token = taken.token;
    },
    next() {
      const claimed = next();
      if (claimed !== undefined) claimed.running = true;
      return claimed;
    },
    remove(claimed) {
      const index = claims.indexOf(claimed);
      if (index !== -1) claims.splice(index, 1);
      if (claimed !== recovered) return;
      recovered = undefined;
      isExclusive = false;
    },
    endExclusiveStart() {
      isExclusive = false;
    },
    get claimable() {
      return {
        isClosed: isExclusive,
        exceptSubjects: claims.map(({ taken }) => taken.subject),
        lapsedLimit: claims.some(({ taken }) => taken.lapsed) ? 0 : 1,
      };
    },
    all: () => [...claims],
    has: (key) => find(key) !== undefined,
  };
}

/**
 * Tells an attempt, and the handler that runs in it, to stop. An `AbortSignal` is made only for a handler that looks
 * at its own: making two for every delivery cost as much as verifying it. A class, because an object literal with a
 * getter gets a hidden class of its own each time, which only a full garbage collection takes away again.
 */
export class StopSwitch {
  #reason: Error | undefined;
  #controller: AbortController | undefined;
  #follower: StopSwitch | undefined;
  #released = false;

  get stopped(): boolean {
    return this.#reason !== undefined;
  }

  /** Aborts when stopped. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    return this.#controller.signal;
  }

  /** Whether the attempt is over and its outcome being written: stopping comes too late then. */
  get released(): boolean {
    return this.#released;
  }

  release(): void {
    this.#released = true;
  }

  stop(reason: Error): void {
    if (this.#released || this.#reason !== undefined) return;
    this.#reason = reason;
    this.#controller?.abort(reason);
    this.#follower?.stop(reason);
  }

  /** A switch that stops with this one, until another follows it: one handler runs at a time. */
  follower(): StopSwitch {
    this.#follower = new StopSwitch();
    if (this.#reason !== undefined) this.#follower.stop(this.#reason);
    return this.#follower;
  }
}
