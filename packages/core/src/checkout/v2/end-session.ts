import { isApiError } from '../../api/api-error.js';
import type { ApiClient } from '../../api/client.js';
import { encodeId } from '../../api/transaction-reference.js';
import { QBitFlowError } from '../../errors.js';
import { stateOf } from '../session-state.js';

/** Ends an unpaid session on v2. Rejects with `ApiError`, code `tx_already_sent` once it is paid or being paid. */
export async function expireSession(api: ApiClient, uuid: string): Promise<void> {
  if (api.generation !== 'v2')
    throw new QBitFlowError(
      'misconfigured',
      'v1 cannot expire a checkout session: set a baseUrl that ends in /v2, or let the link run out',
    );
  const path = `/transaction/session-checkout/${encodeId(uuid)}/expire`;
  await api.request({ method: 'POST', path });
}

/** What became of a session that was to be ended: `over` is what was wanted. */
export type Ending = 'over' | 'under way' | 'paid';

/** Sees to it that nobody can pay a session any more, or says that somebody has. Rejects when neither is certain. */
export async function endSession(api: ApiClient, uuid: string): Promise<Ending> {
  try {
    await expireSession(api, uuid);
    return 'over';
  } catch (error) {
    // It may be over already, or have been ended by a call whose answer was lost.
    const state = await stateOf(api, uuid);
    if (state === 'over' || state === 'under way' || state === 'paid') return state;
    if (!isApiError(error)) throw error;
    if (error.apiCode === 'tx_already_sent') return 'under way';
    if (error.status === 404 || error.status === 410) return 'over';
    throw error;
  }
}
