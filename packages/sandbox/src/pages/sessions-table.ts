import { amountOf } from '../wire/amount.js';
import { rfc3339 } from '../rfc3339.js';
import type { Session } from '../state/session.js';
import { html, type Markup } from './html.js';
import { table } from './table.js';

/** Sessions with a link to their checkout page, where they are paid, billed and cancelled. */
export function sessionsTable(sessions: readonly Session[]): Markup {
  return table(
    ['Session', 'Product', 'USD', 'Order', 'Status', 'Opened'],
    sessions.map((session) => [
      html`<a href="${new URL(session.link).pathname}">${session.uuid}</a>`,
      session.terms.productName,
      amountOf(session.terms),
      session.terms.reference,
      standingOf(session),
      rfc3339(session.createdAt),
    ]),
  );
}

/** How a session stands, and the subscription it became. */
function standingOf({ status, lastAttempt, subscription }: Session): string {
  if (status === 'created' && lastAttempt !== undefined) return `${status}, last attempt failed`;
  if (subscription === undefined) return status;
  return `${status}, ${subscription.status}, bills: ${subscription.billCount}`;
}
