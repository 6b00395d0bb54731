import type { TransactionReference } from '../api/transaction-ids.js';
import { type Clock, sleep } from '../clock.js';
import { asError } from '../errors.js';
import type { HttpRequest } from '../http/http.js';
import type { Logger } from '../logger.js';
import type { ResolvedReturnOptions } from './return-options.js';

/** What {@link authorizeReturn} asks about. */
export interface AuthorizeQuestion {
  readonly request: HttpRequest;
  readonly reference: TransactionReference;
  readonly options: Pick<ResolvedReturnOptions, 'authorize' | 'timeoutMs'>;
}

/** Whether the merchant lets this customer see this payment. A throw, a rejection or no answer in time is a no, logged. */
export async function authorizeReturn(
  deps: { readonly clock: Clock; readonly logger: Logger },
  { request, reference, options }: AuthorizeQuestion,
): Promise<boolean> {
  const { authorize, timeoutMs } = options;
  if (authorize === undefined) return true;
  const answered = new AbortController();
  try {
    const answer = await Promise.race([
      authorize(request, reference),
      sleep(deps.clock, timeoutMs, answered.signal),
    ]);
    if (answer === undefined) {
      deps.logger.error(
        { code: 'authorize_failed', timeoutMs },
        'authorize gave no answer: the customer was not let through',
      );
    }
    return answer === true;
  } catch (thrown) {
    const error = asError(thrown);
    deps.logger.error(
      { code: 'authorize_failed', error },
      'authorize failed: the customer was not let through',
    );
    return false;
  } finally {
    answered.abort();
  }
}
