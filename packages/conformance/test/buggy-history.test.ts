import { KEPT_ATTEMPTS } from '@qbitflow/core/store';
import {
  countsDoublesOfABurstOnce,
  countsDuplicatesSinceTheReplay,
  cutsLongNotes,
  dropsAttemptsThatSucceeded,
  expiresFromTheFirst,
  foldsReferences,
  forgetsAttemptsWithAReplay,
  forgetsTheReferenceBesideOthers,
  includesTheEnd,
  keepsAttemptsByKey,
  keepsAttemptsOfLostClaims,
  keepsEveryNote,
  keepsNotesForever,
  keepsTheFirstAttempts,
  keepsTheHolderBefore,
  listsAttempts,
  ordersNotesByLocale,
  rangesOverTheLastChange,
  searchesByPattern,
  searchesWithItsCase,
  searchesWithoutABound,
  stopsWithoutACursor,
  takesPrefixesForPatterns,
  tellsTheFirstLease,
  tellsTheLeaseForTheTaking,
  tellsWhoHeldIt,
} from './buggy-history.js';
import { narrowBugs, wideBugs } from './support/bug-tests.js';

const NEWEST = `attempts: the newest ${KEPT_ATTEMPTS} are kept, across a replay too`;

narrowBugs([
  [keepsTheFirstAttempts, [NEWEST]],
  [keepsAttemptsOfLostClaims, ['attempts: those of a lost claim are not kept']],
  [listsAttempts, ['attempts: left out of pages']],
  [keepsAttemptsByKey, ['attempts: gone with the delivery, and none of a key that was forgotten']],
  [
    countsDuplicatesSinceTheReplay,
    ['duplicates: none at first, and one more each time it comes again, in whatever state'],
  ],
  [
    keepsTheHolderBefore,
    ['holder: the next taker takes its place, also one that does not say who it is'],
  ],
  [tellsTheFirstLease, ['holder: until when it is held, and longer once the lease is renewed']],
  [
    tellsTheLeaseForTheTaking,
    ['holder: since when it is held, which is not until when, also once the lease is renewed'],
  ],
  [foldsReferences, ['reference: found by the whole text, taken literally']],
  [rangesOverTheLastChange, ['time range: what happens to a delivery later does not move it']],
  [searchesByPattern, ['error search: texts are taken literally']],
  [
    searchesWithoutABound,
    ['error search: a page looks so far and no further, and its cursor goes on from there'],
  ],
  [
    stopsWithoutACursor,
    ['error search: a page looks so far and no further, and its cursor goes on from there'],
  ],
  [
    keepsEveryNote,
    [
      'notes: the last one under a name is there alone, of many at once too',
      'notes: gone once their time is over, counted from the last time they were put',
    ],
  ],
  [
    ordersNotesByLocale,
    ['notes: read by what their names begin with, in the order of their names'],
  ],
  [
    takesPrefixesForPatterns,
    ['notes: names and prefixes of any printable ASCII are taken literally'],
  ],
]);

wideBugs([
  [dropsAttemptsThatSucceeded, ['attempts: kept as they are on every ending, oldest first']],
  [
    forgetsAttemptsWithAReplay,
    [NEWEST, 'attempts: kept as they are on every ending, oldest first'],
  ],
  [
    countsDoublesOfABurstOnce,
    ['duplicates: of many at once each is counted, and with its own delivery'],
  ],
  [
    tellsWhoHeldIt,
    ['holder: who took it is told while it runs, to get and on pages, and nobody before or after'],
  ],
  [includesTheEnd, ['time range: at or after the one, before the other']],
  [
    searchesWithItsCase,
    ['error search: by a part of the last error, whatever the case of its letters'],
  ],
  [
    forgetsTheReferenceBesideOthers,
    [
      'filters together: every one of them counts, page by page',
      'filters together: pages stay whole while others are recorded and change state',
    ],
  ],
  [
    expiresFromTheFirst,
    ['notes: gone once their time is over, counted from the last time they were put'],
  ],
  [
    keepsNotesForever,
    ['notes: gone once their time is over, counted from the last time they were put'],
  ],
  [
    cutsLongNotes,
    [
      'notes: texts come back as they are, none too',
      'notes: a name, a text or a time that cannot be is misconfigured, and nothing is kept',
    ],
  ],
]);
