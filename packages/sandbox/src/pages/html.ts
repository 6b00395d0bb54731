/** Markup that is safe to send: only `html` makes it, and `html` escapes every value that is not markup itself. */
export class Markup {
  constructor(readonly text: string) {}
}

/** What may stand in a template. `undefined` is nothing. */
export type MarkupValue = string | number | undefined | Markup | readonly Markup[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Builds markup; values are escaped for text and for quoted attributes. */
export function html(template: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  const text = template.map((piece, index) => `${piece}${render(values[index])}`);
  return new Markup(text.join(''));
}

function render(value: MarkupValue): string {
  if (value === undefined) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(({ text }) => text).join('');
  return String(value).replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}

/** One row's cells, in the order of the columns. */
export type Cells = readonly (Markup | string | number | undefined)[];

/** A table that a narrow screen shows as a list of cards: every cell carries its column's name. */
export function table(columns: readonly string[], rows: readonly Cells[]): Markup {
  if (rows.length === 0) return html``;
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

/** A button that posts. `id` finds it again when the page changes under whoever has it in focus. */
export function postButton(action: string, label: string, id: string): Markup {
  return html`<form method="post" action="${action}" data-inline="${label}">
    <button id="${id}">${label}</button>
  </form>`;
}

/** When it was, in UTC. */
export function moment(ms: number): Markup {
  const iso = new Date(ms).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')}</time>`;
}

/** Cents at least; more decimals where there are more. */
export function usd(amount: number): string {
  const cents = amount.toFixed(2);
  return Number(cents) === amount ? cents : String(amount);
}
