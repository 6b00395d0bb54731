import { inBackground, type Clock } from '../clock.js';
import type { ErrorFacts } from '../error-reporter.js';
import { QBitFlowError, type ErrorCode } from '../errors.js';

/**
 * Tells of requests that anybody on the internet can make be refused: the first of a kind at once, the rest by their
 * number. So a wrong secret is heard of with its first delivery, and strangers cannot page a merchant at will.
 */
export interface Refusals {
  /** `describe` is called only where it is told of this one: it may look closely. */
  refused(kind: string, describe: () => QBitFlowError): void;
  /** A delivery was genuine. */
  genuine(): void;
  /** Tells of what was only counted until now. */
  close(): void;
}

/** What it works with. */
export interface RefusalsParts {
  readonly clock: Clock;
  readonly report: (error: QBitFlowError, facts: ErrorFacts) => void;
}

const SHORTEST_MS = 60_000;
/** However long strangers go on, a secret that went wrong meanwhile is heard of after this. */
const LONGEST_MS = 900_000;

interface Kind {
  readonly code: ErrorCode;
  /** For programs: why the signature was not accepted. */
  readonly reason: unknown;
  /** For how long the next ones are counted only. */
  periodMs: number;
  toldAt: number;
  seenAt: number;
  left: number;
  /** How many had been genuine when it was last told of. */
  genuineBefore: number;
  cancel: () => void;
}

/** Nothing was refused yet. */
export function createRefusals({ clock, report }: RefusalsParts): Refusals {
  const kinds = new Map<string, Kind>();
  const background = inBackground(clock);
  let genuine = 0;

  function told(kind: Kind): void {
    kind.toldAt = clock.now();
    kind.genuineBefore = genuine;
    kind.left = 0;
    kind.cancel();
    kind.cancel = () => undefined;
  }

  function count(name: string, kind: Kind): void {
    kind.left += 1;
    if (kind.left > 1) return;
    const delayMs = kind.toldAt + kind.periodMs - clock.now();
    kind.cancel = background.after(delayMs, () => {
      tellCount(name, kind);
      kind.periodMs = longer(kind);
    });
  }

  function tellCount(name: string, kind: Kind): void {
    const { code, reason, left } = kind;
    const came = genuine - kind.genuineBefore;
    const seconds = Math.round((clock.now() - kind.toldAt) / 1000);
    const meaning =
      came === 0
        ? 'no delivery was genuine meanwhile: strangers, or a webhook secret or a mounting that is wrong'
        : `${came === 1 ? '1 delivery was' : `${came} deliveries were`} genuine meanwhile: this came from strangers, or from an endpoint with another secret`;
    const requests = left === 1 ? 'request was' : 'requests were';
    const message = `${left} more ${requests} refused within ${seconds} s (${name.replaceAll('_', ' ')}); ${meaning}`;
    told(kind);
    const facts = { reason, count: left, genuine: came };
    report(new QBitFlowError(code, message, { facts }), { stage: 'receive', count: left });
  }

  return {
    refused(name, describe) {
      const now = clock.now();
      const known = kinds.get(name);
      const goesOn = known !== undefined && now - known.seenAt < LONGEST_MS;
      if (goesOn) known.seenAt = now;
      if (goesOn && (known.left > 0 || now - known.toldAt < known.periodMs)) {
        count(name, known);
        return;
      }
      known?.cancel();
      const error = describe();
      const { code, facts } = error;
      const kind: Kind = {
        code,
        reason: facts['reason'],
        periodMs: goesOn ? longer(known) : SHORTEST_MS,
        toldAt: now,
        seenAt: now,
        left: 0,
        genuineBefore: genuine,
        cancel: () => undefined,
      };
      kinds.set(name, kind);
      report(error, { stage: 'receive' });
    },
    genuine() {
      genuine += 1;
    },
    close() {
      for (const [name, kind] of kinds) if (kind.left > 0) tellCount(name, kind);
      kinds.clear();
    },
  };
}

function longer({ periodMs }: Kind): number {
  return Math.min(2 * periodMs, LONGEST_MS);
}

/** Failures that a stranger can cause without having any secret, as often as he likes. */
const OF_ANYBODY: ReadonlySet<ErrorCode> = new Set([
  'invalid_signature',
  'verification_undecided',
  'body_too_large',
  'body_timeout',
  'body_aborted',
  'overloaded',
  'body_consumed',
]);

/** Under which name a failure is counted with others of its kind; `undefined` for one that is told of by itself. */
export function kindOf(code: ErrorCode): ErrorCode | undefined {
  return OF_ANYBODY.has(code) ? code : undefined;
}
