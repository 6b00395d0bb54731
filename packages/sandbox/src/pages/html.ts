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
