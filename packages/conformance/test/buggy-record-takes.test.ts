import {
  claimsWhatItLeavesDue,
  countsNoStart,
  countsWhatIsHandedBack,
  mixesUpTheClaimsOfABurst,
  recordsAndThenRefuses,
  takesDuplicatesToo,
  takesForever,
  takesTheDeadToo,
  takesUnasked,
  tellsDueSinceInSeconds,
} from './buggy-record-takes.js';
import { narrowBugs, wideBugs } from './support/bug-tests.js';

const RUNNING = 'record and take: it is running, started once and taken by nobody else';
const REFUSED = ['NaN', 'Infinity', '10000000000000000'].map(
  (ms) => `record and take: a lease of ${ms} ms is refused, nothing recorded, or lapses`,
);

narrowBugs([
  [
    countsWhatIsHandedBack,
    ['record and take: handed back uncounted it is due at once as if it had not been taken'],
  ],
  [recordsAndThenRefuses, REFUSED],
  [takesTheDeadToo, ['record and take: what is dead or unhandled on arrival is taken by nobody']],
  [takesDuplicatesToo, ['record and take: a duplicate is never taken, and takes nothing away']],
  [takesUnasked, ['record and take: without a lease, or with none given, it waits for a taker']],
  [
    tellsDueSinceInSeconds,
    [RUNNING, 'record and take: its claim makes it due again, body and counters like any other'],
  ],
  [
    takesForever,
    [
      'record and take: once its lease has lapsed anybody may take it, and the first claim is lost',
      ...['NaN', 'Infinity', '-5', '10000000000000000'].map(
        (ms) => `record and take: a lease of ${ms} ms is refused, nothing recorded, or lapses`,
      ),
    ],
  ],
  [
    countsNoStart,
    [
      RUNNING,
      'record and take: its claim renews and completes it, and then no more',
      'record and take: its claim makes it due again, body and counters like any other',
      'record and take: its claim buries it',
      'record and take: once its lease has lapsed anybody may take it, and the first claim is lost',
    ],
  ],
  [
    mixesUpTheClaimsOfABurst,
    [
      'record and take: in a burst every record gets its own answer, and every claim its own delivery',
    ],
  ],
]);

wideBugs([
  [
    claimsWhatItLeavesDue,
    [
      RUNNING,
      'record and take: its claim renews and completes it, and then no more',
      'record and take: of one key recorded at once by fifty one at most takes it',
    ],
  ],
]);
