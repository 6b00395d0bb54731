import type { SessionTerms } from '../../state/session.js';
import type { JsonObject } from '../../wire/cast.js';
import { ValidationError } from '../api-error.js';
import { readTermsV1 } from './read-terms.js';

/**
 * SDK 1.x's create body as terms: a subscription's are under `options`, and the placeholder shows its
 * `subscriptionType` instead of the transaction type. Throws 400 naming every field at fault.
 */
export function readLegacyTerms(body: JsonObject, allowRemote: boolean): SessionTerms {
  const options = optionsOf(body);
  if (options === undefined) return { ...readTermsV1(body, 'payment', allowRemote), legacy: true };
  const placeholderType = options['subscriptionType'] ?? 'subscription';
  if (placeholderType !== 'subscription' && placeholderType !== 'payAsYouGo')
    throw new ValidationError([
      { field: 'options.subscriptionType', message: 'must be subscription or payAsYouGo' },
    ]);
  const { frequency, trialPeriod, minPeriods } = options;
  const terms = readTermsV1(
    { ...body, frequency, trialPeriod, minPeriods },
    'subscription',
    allowRemote,
  );
  const txType = placeholderType === 'payAsYouGo' ? 'createPAYGSubscription' : terms.txType;
  return { ...terms, txType, placeholderType, legacy: true };
}

function optionsOf(body: JsonObject): JsonObject | undefined {
  const { options } = body;
  return typeof options === 'object' && options !== null ? { ...options } : undefined;
}
