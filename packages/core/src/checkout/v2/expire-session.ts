import type { ApiClient } from '../../api/client.js';
import { encodeId } from '../../api/transaction-reference.js';
import { QBitFlowError } from '../../errors.js';

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
