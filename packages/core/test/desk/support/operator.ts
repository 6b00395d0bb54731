import type { HttpRequest, HttpResponse, QBitFlow } from '@qbitflow/core';
import type { DeskOptions } from '@qbitflow/core/adapter';

/** A page as an operator sees it who has no script. */
export interface Seen {
  readonly status: number;
  readonly headers: HttpResponse['headers'];
  readonly html: string;
  /** What is there to read, white space made one. */
  readonly text: string;
  /** The fields of the form with this button. */
  form(button: string): URLSearchParams;
}

/** Opens pages, follows what they say and sends their forms. */
export interface Operator {
  open(query: string, changes?: Partial<HttpRequest>): Promise<Seen>;
  /** Sends a form, and opens where that leads. */
  send(form: URLSearchParams, changes?: Partial<HttpRequest>): Promise<Seen>;
  /** Where the last answer led, as a query. */
  readonly at: string;
}

const LOOPBACK = { client: '127.0.0.1', headers: { host: 'localhost:3000' } } as const;

/** Has loaded what is loaded with the first action: from then on an action takes no time but the clock's. */
export async function loadActions({ deliveries }: Pick<QBitFlow, 'deliveries'>): Promise<void> {
  await deliveries.replay('none');
  await deliveries.discardAll({ type: 'none' });
}

/** An operator of this kit, on the same machine unless there is an `authorize`. */
export function operatorOf(kit: Pick<QBitFlow, 'handleDesk'>, options: DeskOptions = {}): Operator {
  let at = '';

  async function request(changes: Partial<HttpRequest>, query: string): Promise<HttpResponse> {
    at = query;
    return kit.handleDesk(
      { method: 'GET', url: `/desk${query}`, ...LOOPBACK, ...changes },
      options,
    );
  }

  async function follow(answer: HttpResponse): Promise<Seen> {
    const { location } = answer.headers;
    return seen(location === undefined ? answer : await request({}, location));
  }

  return {
    get at() {
      return at;
    },
    open: async (query, changes = {}) => follow(await request(changes, query)),
    async send(form, changes = {}) {
      const headers = { ...LOOPBACK.headers, 'content-type': 'application/x-www-form-urlencoded' };
      const rawBody = Buffer.from(form.toString());
      return follow(await request({ method: 'POST', headers, rawBody, ...changes }, at));
    },
  };
}

function seen({ status, headers, body }: HttpResponse): Seen {
  const main = /<main[^>]*>([^]*)<\/main>/.exec(body)?.[1] ?? body;
  return {
    status,
    headers,
    html: body,
    text: decoded(main.replaceAll(/<[^>]*>/g, ' '))
      .replaceAll(/\s+/g, ' ')
      .trim(),
    form(button) {
      const form = [...body.matchAll(/<form[^>]*>[^]*?<\/form>/g)]
        .map(([html]) => html)
        .find((html) => new RegExp(`<button[^>]*>\\s*${button}`).test(html));
      if (form === undefined) throw new Error(`no form has the button ${button}`);
      const fields = new URLSearchParams();
      for (const [input] of form.matchAll(/<input[^>]*>/g))
        fields.set(attribute(input, 'name'), attribute(input, 'value'));
      return fields;
    },
  };
}

function attribute(tag: string, name: string): string {
  return decoded(new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

function decoded(text: string): string {
  return text.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? '');
}
