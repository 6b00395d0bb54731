import type { ReturnOutcome } from './outcome.js';
import type { PageWords, ReturnOptions } from './return-options.js';
import type { Language } from './words/language.js';

/** What the page says about an outcome, in `language`; `texts` are the merchant's own words. */
export function wordsFor(
  outcome: ReturnOutcome,
  language: Language,
  texts: NonNullable<ReturnOptions['texts']> = {},
): PageWords {
  const own = texts[outcome.state];
  if (own === undefined) return ownWords(outcome, language);
  if (!outcome.attemptFailed) return own;
  return { ...own, lines: [language.say('attemptFailedLine'), ...own.lines] };
}

function ownWords(outcome: ReturnOutcome, language: Language): PageWords {
  const { say } = language;
  switch (outcome.state) {
    case 'paid':
      return paidWords(outcome, language);
    case 'waiting':
      return waitingWords(outcome, language);
    case 'failed':
      return { title: say('failedTitle'), lines: [say('failedLine')] };
    case 'expired':
      return { title: say('expiredTitle'), lines: [say('expiredLine'), say('paidAnywayLine')] };
    case 'unknown':
      return { title: say('unknownTitle'), lines: [say('unknownLine')] };
    case 'invalid':
      return { title: say('invalidTitle'), lines: [say('invalidLine')] };
  }
}

/** A subscription's trial begins without a payment. */
function paidWords(outcome: ReturnOutcome, { say }: Language): PageWords {
  const hasLeft = outcome.page === 'cancel';
  if (isSubscription(outcome)) {
    const line = say(hasLeft ? 'subscribedAfterCancelLine' : 'subscribedLine');
    return { title: say('subscribedTitle'), lines: [line] };
  }
  return hasLeft
    ? { title: say('paidAfterCancelTitle'), lines: [say('paidAfterCancelLine')] }
    : { title: say('paidTitle'), lines: [say('paidLine')] };
}

/** What is waited for and how long that takes; who has something to do is never told that they may go. */
function waitingWords(outcome: ReturnOutcome, { say }: Language): PageWords {
  const { page, step, attemptFailed, trouble, details } = outcome;
  if (attemptFailed)
    return {
      title: say('attemptFailedTitle'),
      lines: [say('attemptFailedLine'), say('tellsLine')],
    };
  if (trouble === 'away')
    return { title: say('apiAwayTitle'), lines: [say('apiAwayLine'), say('checksAgainLine')] };
  if (trouble === 'crowded')
    return { title: say('crowdedTitle'), lines: [say('crowdedLine'), say('checksAgainLine')] };

  const title = say('waitingTitle');
  const goesOn = `${say('checksAgainLine')} ${say('closeLine')}`;
  switch (step) {
    case 'customer':
      return page === 'cancel'
        ? { title: say('leftTitle'), lines: [say('leftLine')] }
        : { title, lines: [say('toPayLine'), `${say('tellsLine')} ${say('closeLine')}`] };
    case 'sent':
      return { title, lines: [say('sentLine'), goesOn] };
    case 'confirming': {
      const network = details?.network;
      const line = network ? say('confirmingOnLine', { network }) : say('confirmingLine');
      return { title, lines: [line, goesOn] };
    }
    default:
      return { title, lines: [say('waitingLine'), goesOn] };
  }
}

/** Whether the id is a subscription's. */
export function isSubscription({ uuid }: ReturnOutcome): boolean {
  return uuid?.startsWith('sub@') === true;
}
