import type { TakenDelivery } from '../../store/durable-store.js';
import { createStopSwitch, type StopSwitch } from '../process/stop-switch.js';

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
}

/** An empty hand. */
export function createHand(): Hand {
  const holding = new Set<Held>();
  const waiting = new Set<Held>();
  const suspects: Held[] = [];
  const subjects = new Set<string>();
  let suspect: Held | undefined;
  let quarantine = false;

  const find = (key: string): Held | undefined =>
    [...holding].find((held) => held.taken.key === key);

  function startable(): Held | undefined {
    if (quarantine) return undefined;
    const [first] = suspects;
    if (first !== undefined && suspect === undefined && !subjects.has(first.taken.subject)) {
      suspects.shift();
      suspect = first;
      quarantine = true;
      return first;
    }
    for (const held of waiting) if (!subjects.has(held.taken.subject)) return held;
    return undefined;
  }

  return {
    get size() {
      return holding.size;
    },
    add(taken) {
      // A blocked event loop can miss its own renewals: whoever takes the delivery then is the one still running it.
      const own = find(taken.key);
      if (own !== undefined) {
        own.taken.token = taken.token;
        return;
      }
      const held: Held = { taken: { ...taken }, stop: createStopSwitch(), running: false };
      holding.add(held);
      if (taken.lapsed) suspects.push(held);
      else waiting.add(held);
    },
    next() {
      const held = startable();
      if (held === undefined) return undefined;
      waiting.delete(held);
      subjects.add(held.taken.subject);
      held.running = true;
      return held;
    },
    remove(held) {
      if (!holding.delete(held)) return;
      waiting.delete(held);
      if (suspects.includes(held)) suspects.splice(suspects.indexOf(held), 1);
      if (held.running) subjects.delete(held.taken.subject);
      if (held === suspect) {
        suspect = undefined;
        quarantine = false;
      }
    },
    liftQuarantine() {
      quarantine = false;
    },
    all: () => [...holding],
    holds: (key) => find(key) !== undefined,
  };
}
