import { rfc3339 } from '../rfc3339.js';
import type { SandboxEvent } from '../state/event-log.js';
import { redeliverButton } from './deliveries-table.js';
import { html, type Markup } from './html.js';
import { table } from './table.js';

/** Everything that happened, in both generations' words, sent or not. */
export function eventsTable(events: readonly SandboxEvent[], sentIds: ReadonlySet<string>): Markup {
  return table(
    ['Event', 'Happened', 'Sent', 'Send'],
    events.map(({ id, type, version, createdAt }) => [
      html`${type} (${version})<br /><span class="small">${id}</span>`,
      rfc3339(createdAt),
      sentIds.has(id) ? 'yes' : 'never',
      redeliverButton(id, sentIds.has(id) ? 'Send again' : 'Send'),
    ]),
  );
}
