import type { Machine } from '../machine.js';
import { rfc3339 } from '../rfc3339.js';
import type { Delivery } from '../state/deliveries.js';
import type { Session } from '../state/session.js';
import { html, type Markup } from './html.js';
import type { Page } from './page.js';

/** How many rows of each table are shown. */
const ROWS = 100;

/** The sandbox at a glance: its newest sessions and deliveries, each with a way to send it again. */
export function indexPage({ sessions, deliveries, target, url }: Machine): Page {
  const newest = <Row>(rows: readonly Row[]): Row[] => rows.slice(-ROWS).toReversed();
  const body = html`<h1>QBitFlow sandbox</h1>
    <p class="small">
      API: ${url}/v1 and ${url}/v2 · webhooks go to
      ${target.get()?.href ?? 'nowhere: start with --webhook <url>'}
    </p>
    <h2>Sessions</h2>
    <div class="scroll">
      <table>
        <tr>
          <th>session</th>
          <th>product</th>
          <th>USD</th>
          <th>order</th>
          <th>status</th>
        </tr>
        ${newest(sessions.list()).map(sessionRow)}
      </table>
    </div>
    <h2>Deliveries</h2>
    <div class="scroll">
      <table>
        <tr>
          <th>event</th>
          <th>sent</th>
          <th>state</th>
          <th>answers</th>
          <th></th>
        </tr>
        ${newest(deliveries.list()).map(deliveryRow)}
      </table>
    </div>`;
  return { title: 'QBitFlow sandbox', body, wide: true };
}

function sessionRow({ uuid, link, terms, status, lastAttempt }: Session): Markup {
  const failed = status === 'created' && lastAttempt !== undefined ? ', last attempt failed' : '';
  return html`<tr>
    <td><a href="${new URL(link).pathname}">${uuid}</a></td>
    <td>${terms.productName}</td>
    <td>${terms.price}</td>
    <td>${terms.reference}</td>
    <td>${status}${failed}</td>
  </tr> `;
}

function deliveryRow(delivery: Delivery): Markup {
  const { eventId, type, version, createdAt, state, attempts } = delivery;
  const answers = attempts.map(({ status, error }) => status ?? error ?? '').join(', ');
  return html`<tr>
    <td>${type} (${version})<br /><span class="small">${eventId}</span></td>
    <td>${rfc3339(createdAt)}</td>
    <td>${state}</td>
    <td>${answers}</td>
    <td>
      <form method="post" action="/sandbox/events/${encodeURIComponent(eventId)}/redeliver">
        <button>Redeliver</button>
      </form>
    </td>
  </tr> `;
}
