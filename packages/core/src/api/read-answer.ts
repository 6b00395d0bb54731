import { TextDecoder } from 'node:util';

/** The largest answer that is read (bytes): what the protocol lets either side send. */
export const MAX_ANSWER_BYTES = 1_048_576;

/** A body as far as it may be read. */
export type AnswerBody =
  | { readonly kind: 'empty' }
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'other' }
  | { readonly kind: 'too-large' };

/**
 * Reads an answer's body, at most {@link MAX_ANSWER_BYTES} of it after decompression; the rest is cancelled.
 * `secret` is blotted out first, for servers that echo what they were sent. Rejects when the connection breaks.
 */
export async function readAnswer(
  response: Response,
  secret: string | undefined,
): Promise<AnswerBody> {
  const text = await readText(response);
  if (text === undefined) return { kind: 'too-large' };
  if (text.trim() === '') return { kind: 'empty' };
  try {
    return { kind: 'json', value: JSON.parse(withoutSecret(text, secret)) };
  } catch {
    return { kind: 'other' };
  }
}

async function readText(response: Response): Promise<string | undefined> {
  if (response.body === null) return '';
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let size = 0;
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > MAX_ANSWER_BYTES) {
      await reader.cancel();
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** A text in which the API key, if it stands there, cannot be read. */
export function withoutSecret(text: string, secret: string | undefined): string {
  return secret === undefined ? text : text.replaceAll(secret, '[api key]');
}
