import type { Session } from '../state/session.js';

/**
 * A merchant's success or cancel URL with its placeholders filled in, percent-encoded as query values.
 * Braces that the merchant's client encoded are left alone, as QBitFlow leaves them.
 */
export function fillPlaceholders(template: string, { uuid, terms }: Session): string {
  return template
    .replaceAll('{{UUID}}', () => encodeURIComponent(uuid))
    .replaceAll('{{TRANSACTION_TYPE}}', () => encodeURIComponent(terms.placeholderType));
}

/** Where a customer who has paid is sent, if the merchant said. */
export function successUrlOf(session: Session): string | undefined {
  const { successUrl } = session.terms;
  return successUrl === undefined ? undefined : fillPlaceholders(successUrl, session);
}

/** Where a customer who gives up is sent, if the merchant said. */
export function cancelUrlOf(session: Session): string | undefined {
  const { cancelUrl } = session.terms;
  return cancelUrl === undefined ? undefined : fillPlaceholders(cancelUrl, session);
}
