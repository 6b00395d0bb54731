import { asError, QBitFlowError } from '../errors.js';
import { onDemand } from '../on-demand.js';
import type { RefusedDelivery } from './explain-refusal.js';

const load = onDemand(async () => import('./explain-refusal.js'));

/**
 * All that is known of why a delivery was refused, loaded with the first refusal: a process whose deliveries are all genuine
 * needs none of it. Never rejects: where it cannot be loaded, the refusal is reported without hints.
 */
export async function explainRefusal(refused: RefusedDelivery): Promise<QBitFlowError> {
  try {
    const { explainRefusal: explain } = await load();
    return explain(refused);
  } catch (cause) {
    const { reason, secretsTried } = refused;
    return new QBitFlowError(
      'invalid_signature',
      `a delivery was refused: ${reason.replaceAll('_', ' ')} (why is not known: ${asError(cause).message})`,
      { cause, facts: { reason, secretsTried } },
    );
  }
}
