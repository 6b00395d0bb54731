import {
  completesWebhooksToo,
  completesWhatIsDueOnly,
  countsHandledTypes,
  dropsDoublesOfABurst,
  dropsTheLaterWebhook,
  endsAtADamagedCursor,
  handsOutTheLook,
  keepsTheLastWebhook,
  listsLaterBodies,
  marksWhatHandlersHaveSeen,
  replaysTheDeadOnly,
  replaysWithProgress,
  replaysWithoutABody,
  settlesAsOfThen,
  settlesEveryType,
  settlesInTwoSteps,
  settlesTheYoung,
  settlesWhatRuns,
  settlesWhatWaits,
  settlesWithoutALimit,
  staysUnhandled,
  takesAnyLimit,
  takesAnyNumberForACursor,
  takesWhatNobodyMaySee,
} from './buggy-records.js';
import { narrowBugs, wideBugs } from './support/bug-tests.js';

narrowBugs([
  [keepsTheLastWebhook, ['later webhook: the first one wins, of ten at once too']],
  [
    completesWebhooksToo,
    [
      'record: a duplicate changes nothing of what came first',
      'later webhook: what a webhook recorded is never completed',
      'later webhook: one look completes no other',
    ],
  ],
  [
    completesWhatIsDueOnly,
    [
      'later webhook: completes what a look recorded while that is running',
      'later webhook: completes what a look recorded while that is dead',
      'later webhook: completes what a look recorded while that is done',
      'later webhook: retries and other takers get its body too',
    ],
  ],
  [
    dropsDoublesOfABurst,
    [
      'later webhook: at once with the look, takers get its body whichever was first',
      'duplicates: of many at once each is counted, and with its own delivery',
      'duplicates: at once with a taking record each is counted',
    ],
  ],
  [takesAnyLimit, ['list: a limit that is no whole number from 1 on is misconfigured']],
  [endsAtADamagedCursor, ['list: a damaged or foreign cursor is misconfigured, and no empty page']],
  [
    takesAnyNumberForACursor,
    ['list: a damaged or foreign cursor is misconfigured, and no empty page'],
  ],
  [listsLaterBodies, ['later webhook: list leaves both bodies out, and filters by the record']],
  [
    countsHandledTypes,
    ['unhandled: counted in stats, with due ones of types that nobody handles where asked'],
  ],
  [
    staysUnhandled,
    [
      'unhandled: a replay hands it to a handler, and it is unhandled no more',
      'settleUnhandled: a replay hands it to a handler, its body whole',
    ],
  ],
  [
    settlesWhatRuns,
    [
      'record and take: it is running, started once and taken by nobody else',
      'settleUnhandled: never what is running, done or dead, lapsed leases neither',
      'settleUnhandled: at once with takers and others, each is either settled or taken',
    ],
  ],
  [settlesWhatWaits, ['settleUnhandled: a retry that still waits for its time is not due']],
  [
    settlesEveryType,
    [
      'settleUnhandled: of the named types only',
      'settleUnhandled: types are whole texts, taken literally',
    ],
  ],
  [settlesWithoutALimit, ['settleUnhandled: up to the limit, and tells how many']],
  [
    settlesInTwoSteps,
    ['settleUnhandled: at once with takers and others, each is either settled or taken'],
  ],
  [
    replaysWithProgress,
    ['replay of what is done: due now, both counters at zero, all handlers forgotten'],
  ],
]);

wideBugs([
  [
    replaysWithoutABody,
    [
      'replay of what is done: with its body or not at all',
      'replay of what is done: due now, both counters at zero, all handlers forgotten',
    ],
  ],
  [marksWhatHandlersHaveSeen, ['unhandled: what a handler has seen is not, in whatever state']],
  [
    settlesAsOfThen,
    ['settleUnhandled: done, untouched and unhandled, and taken by nobody any more'],
  ],

  [
    dropsTheLaterWebhook,
    [
      'later webhook: completes what a look recorded while that is due',
      'later webhook: completes what a look recorded while that is running',
      'later webhook: completes what a look recorded while that is dead',
      'later webhook: completes what a look recorded while that is done',
      'later webhook: the first one wins, of ten at once too',
      'later webhook: at once with the look, takers get its body whichever was first',
    ],
  ],
  [
    handsOutTheLook,
    [
      'later webhook: completes what a look recorded while that is due',
      'later webhook: completes what a look recorded while that is running',
      'later webhook: completes what a look recorded while that is dead',
      'later webhook: completes what a look recorded while that is done',
      'later webhook: retries and other takers get its body too',
      'later webhook: an empty and a large body are kept as they are',
    ],
  ],
  [
    takesWhatNobodyMaySee,
    [
      'unhandled: recorded as done, with its reason, and taken by nobody',
      'unhandled: listed alone and with other filters, page by page',
      'unhandled: counted in stats, with due ones of types that nobody handles where asked',
      'unhandled: pruned like everything that is done',
      'unhandled: a replay hands it to a handler, and it is unhandled no more',
      'unhandled: in a burst with others each is what it should be',
    ],
  ],
  [settlesTheYoung, ['settleUnhandled: what has not been due for long enough stays']],
  [
    replaysTheDeadOnly,
    [
      'later webhook: completes what a look recorded while that is done',
      'dueSince: since its replay where it was done',
      'replay of what is done: due now, both counters at zero, all handlers forgotten',
      'replay of what is done: of ten at once one says so, and it is taken once',
      'replay of what is done: the claim that had completed it is lost',
      'replay of what is done: not pruned while it is due, and pruned when it is done again',
    ],
  ],
]);
