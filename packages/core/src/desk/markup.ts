import { escapeHtml } from '../escape-html.js';

/** HTML that is complete and safe: made by {@link markup} alone. */
export class Markup {
  constructor(readonly text: string) {}
}

/** What may stand in a template: text is escaped, markup is not, `undefined` and `false` are nothing. */
export type Content = Markup | string | number | undefined | false | readonly Content[];

/** A piece of HTML. Whatever is put into it is text, unless it is markup already. */
export function markup(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  let text = parts[0] ?? '';
  values.forEach((value, index) => {
    text += render(value) + (parts[index + 1] ?? '');
  });
  return new Markup(text);
}

function render(content: Content): string {
  if (content === undefined || content === false) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'object') return content.map(render).join('');
  return escapeHtml(visible(String(content)));
}

/** Controls, and characters that turn the direction of what follows: an operator must see what is there. */
// oxlint-disable-next-line no-control-regex -- those are what is looked for
const UNSEEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A text in which nothing is invisible and nothing changes how the rest is read. */
export function visible(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(UNSEEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A name and what is known under it; nothing where that is `undefined`, `false` or empty. */
export type Fact = readonly [name: string, value: Content];

/** Facts as a list; what is not known is left out. */
export function factTable(facts: readonly Fact[]): Markup {
  return markup`<dl>
    ${facts.map(
      ([name, value]) =>
        value !== false &&
        value !== undefined &&
        value !== '' &&
        markup`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}
