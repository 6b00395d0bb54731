import { html, type Markup } from './html.js';

/** One row's cells, in the order of the columns. */
export type Cells = readonly (Markup | string | number | undefined)[];

/** A table that a narrow screen shows as a list of cards: every cell carries its column's name. */
export function table(columns: readonly string[], rows: readonly Cells[]): Markup {
  if (rows.length === 0) return html`<p class="small">None yet.</p>`;
  return html`<table>
    <thead>
      <tr>
        ${columns.map((column) => html`<th scope="col">${column}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map((cells) => row(columns, cells))}
    </tbody>
  </table>`;
}

function row(columns: readonly string[], cells: Cells): Markup {
  return html`<tr>
    ${cells.map((cell, index) => html`<td data-column="${columns[index]}"><div>${cell}</div></td>`)}
  </tr>`;
}

/** A button that posts. */
export function postButton(action: string, label: string): Markup {
  return html`<form method="post" action="${action}"><button>${label}</button></form>`;
}
