import type { SandboxState } from '../state/sandbox-state.js';
import { controls } from './controls.js';
import { deliveriesList } from './deliveries-page.js';
import { eventsList } from './events-page.js';
import { html, type Markup } from './html.js';
import type { ListQuery } from './listing.js';
import type { Desk, Page } from './page.js';
import { sessionsList } from './sessions-page.js';

/** What each list shows, by the name of its tab. */
const LISTS: Readonly<Record<Desk, (state: SandboxState, query: ListQuery) => Markup>> = {
  sessions: sessionsList,
  deliveries: deliveriesList,
  events: eventsList,
};

/** A list of everything that happened, beside everything that can be switched. */
export function indexPage(state: SandboxState, desk: Desk, query: ListQuery): Page {
  const title = desk.charAt(0).toUpperCase() + desk.slice(1);
  const body = html`<div class="columns">
    <div class="lists">
      <h1>${title}</h1>
      <p class="to-switches"><a href="#switchboard">Settings, triggers and switches</a></p>
      ${LISTS[desk](state, query)}
    </div>
    <aside id="switchboard" aria-label="Settings and switches">${controls(state)}</aside>
  </div>`;
  return { title: `${title} · QBitFlow sandbox`, body, desk };
}
