import type { TakenDelivery } from '../store/durable-store.js';

/** A delivery this worker has taken and not yet let go. */
export interface Held {
  /** The token changes when this worker itself takes again what it let lapse. */
  readonly taken: { -readonly [Field in keyof TakenDelivery]: TakenDelivery[Field] };
  /** Stops its handlers: lease lost, or shutdown. */
  readonly stop: StopSwitch;
  running: boolean;
}

/**
 * What a worker holds, and which of it may start: no two deliveries of one subject at once, and a suspect (one whose
 * process died under it) only beside no other suspect, with nothing else started until it has proved harmless.
 */
export interface Hand {
  readonly size: number;
  add(taken: TakenDelivery): void;
  /** Marks as running and returns the next that may start, or `undefined`. */
  next(): Held | undefined;
  remove(held: Held): void;
  /** The running suspect lived long enough: others may start beside it. */
  liftQuarantine(): void;
  all(): readonly Held[];
  holds(key: string): boolean;
  /** What may be taken beside what is held: nothing while a suspect has to prove harmless, no second suspect. */
  readonly takeable: {
    readonly isClosed: boolean;
    readonly exceptSubjects: readonly string[];
    readonly lapsedLimit: number;
  };
}

/** An empty hand. Arrays: there are few, and sets of things that come and go all the time are rebuilt for ever. */
export function createHand(): Hand {
  const holding: Held[] = [];
  let suspect: Held | undefined;
  let quarantine = false;

  const find = (key: string): Held | undefined => holding.find((held) => held.taken.key === key);

  const isFree = ({ taken: { subject } }: Held): boolean =>
    !holding.some((other) => other.running && other.taken.subject === subject);

  const startable = (held: Held): boolean => !held.running && isFree(held);

  function next(): Held | undefined {
    if (quarantine) return undefined;
    if (suspect === undefined) {
      suspect = holding.find((held) => held.taken.lapsed && startable(held));
      quarantine = suspect !== undefined;
      if (suspect !== undefined) return suspect;
    }
    return holding.find((held) => !held.taken.lapsed && startable(held));
  }

  return {
    get size() {
      return holding.length;
    },
    add(taken) {
      // A blocked event loop can miss its own renewals: whoever takes the delivery then is the one still running it.
      const own = find(taken.key);
      if (own === undefined)
        holding.push({ taken: { ...taken }, stop: new StopSwitch(), running: false });
      else own.taken.token = taken.token;
    },
    next() {
      const held = next();
      if (held !== undefined) held.running = true;
      return held;
    },
    remove(held) {
      const index = holding.indexOf(held);
      if (index !== -1) holding.splice(index, 1);
      if (held !== suspect) return;
      suspect = undefined;
      quarantine = false;
    },
    liftQuarantine() {
      quarantine = false;
    },
    get takeable() {
      return {
        isClosed: quarantine,
        exceptSubjects: holding.map(({ taken }) => taken.subject),
        lapsedLimit: holding.some(({ taken }) => taken.lapsed) ? 0 : 1,
      };
    },
    all: () => [...holding],
    holds: (key) => find(key) !== undefined,
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
