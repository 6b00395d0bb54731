import { callOnDemand } from './call-on-demand.js';
import type { AskingBasis, AskingRooms } from './asking-rooms.js';
import type { CheckoutTerms } from './checkout/params.js';
import type { CheckoutSession } from './checkout/session.js';
import type { CustomerHandlers } from './customer-requests.js';
import type { HttpResponse } from './http/http.js';
import { bareAnswer, bareReturnPage } from './http/not-loaded.js';
import type { QBitFlow } from './kit.js';
import { answerOf, onDemand, roomOnDemand } from './on-demand.js';
import type { Runtime } from './runtime.js';
import { watchOnDemand } from './status/watch-on-demand.js';

/** What of a kit asks the API where transactions stand, for customers and for the merchant's code. */
export interface Asking
  extends
    CustomerHandlers,
    Pick<QBitFlow, 'getStatus' | 'watchStatus' | 'recover' | 'recheck'>,
    Pick<AskingRooms, 'rememberCheckout' | 'pending' | 'close'> {}

/**
 * It is loaded when it is first asked for: a process that only takes deliveries neither loads nor bundles it into its start.
 * What customers ask is answered 503 where it cannot be loaded, and everything else rejects with `misconfigured`.
 */
export function createAsking(runtime: Runtime, basis: AskingBasis): Asking {
  const { load, current, close } = roomOnDemand(async () => {
    const { createAskingRooms } = await import('./asking-rooms.js');
    return createAskingRooms(runtime, basis);
  });
  const customers = onDemand(async () => {
    const [rooms, { createCustomerHandlers }] = await Promise.all([
      load(),
      import('./customer-requests.js'),
    ]);
    return createCustomerHandlers(runtime, rooms);
  });

  async function answerCustomer(
    answer: (handlers: CustomerHandlers) => Promise<HttpResponse>,
    bare: () => HttpResponse,
  ): Promise<HttpResponse> {
    return answerOf(customers, answer, (error) => {
      runtime.errors.report(error, { stage: 'return' });
      return bare();
    });
  }

  return {
    handleReturn: async (request, options) =>
      answerCustomer(
        async (handlers) => handlers.handleReturn(request, options),
        () => bareReturnPage(options.brand),
      ),
    handleStatus: async (request, options) =>
      answerCustomer(async (handlers) => handlers.handleStatus(request, options), bareAnswer),
    getStatus: callOnDemand(load, async (rooms, reference) => rooms.getStatus(reference)),
    watchStatus: watchOnDemand(async () => (await load()).watchStatus),
    recover: callOnDemand(load, async (rooms, options) => rooms.recover(options)),
    recheck: callOnDemand(load, async (rooms, reference) => rooms.recheck(reference)),
    rememberCheckout(session: CheckoutSession, terms: CheckoutTerms) {
      load().then(
        (rooms) => rooms.rememberCheckout(session, terms),
        (error: unknown) => runtime.errors.report(error, { stage: 'checkout' }),
      );
    },
    pending: () => current()?.pending(),
    close,
  };
}
