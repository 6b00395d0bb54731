import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock.js';
import { headerOf, type HttpRequest } from '../http/http.js';
import { type ActionKind, FILTER_NAMES, type FilterFields } from './desk-query.js';

/** Tokens that show that a form came from a page of the desk's, made for this operator and this very purpose. */
export interface PageTokens {
  issue(operator: string, purpose: string): string;
  isGenuine(token: string, operator: string, purpose: string): boolean;
}

const LIFETIME_MS = 12 * 60 * 60 * 1_000;

/** Tokens of a key that all processes of the shop derive from the secret they share; without one, of this process's own. */
export function createPageTokens(clock: Clock, secret: string | undefined): PageTokens {
  const key =
    secret === undefined
      ? randomBytes(32)
      : createHmac('sha256', secret).update('qbitflow desk: forms').digest();

  function sign(expiresAt: string, operator: string, purpose: string): string {
    const said = JSON.stringify([expiresAt, operator, purpose]);
    return createHmac('sha256', key).update(said).digest('base64url');
  }

  return {
    issue(operator, purpose) {
      const expiresAt = String(clock.now() + LIFETIME_MS);
      return `${expiresAt}.${sign(expiresAt, operator, purpose)}`;
    },
    isGenuine(token, operator, purpose) {
      const [, expiresAt = '', mac = ''] = /^(\d{1,15})\.([\w-]{43})$/.exec(token) ?? [];
      if (expiresAt === '' || Number(expiresAt) < clock.now()) return false;
      const expected = sign(expiresAt, operator, purpose);
      return timingSafeEqual(Buffer.from(mac), Buffer.from(expected));
    },
  };
}

/**
 * Whether a browser says that a form came from elsewhere. With `no-referrer` the origin of our own forms is `null`, and on
 * plain http nothing else is said: the token decides then.
 */
export function isFromElsewhere({ headers }: HttpRequest): boolean {
  const site = headerOf(headers, 'sec-fetch-site');
  if (site !== undefined && site !== 'same-origin') return true;
  const origin = headerOf(headers, 'origin');
  if (site !== undefined || origin === undefined || origin === 'null') return false;
  const host = headerOf(headers, 'host') ?? headerOf(headers, ':authority') ?? '';
  return !URL.canParse(origin) || new URL(origin).host !== host.toLowerCase();
}

/** The purpose of a confirmation, as its token is bound to it. */
export function confirmPurpose(kind: ActionKind, target: { key: string } | FilterFields): string {
  const said = FILTER_NAMES.map((name) => ('key' in target ? undefined : target[name]) ?? null);
  return `${kind} ${'key' in target ? target.key : JSON.stringify(said)}`;
}

/** The purpose of an undo. */
export function undoPurpose(id: string): string {
  return `undo ${id}`;
}

/** What the form that asks the API is for, as its token is bound to it. */
export function askPurpose(key: string): string {
  return `ask ${key}`;
}

/** What the form that shows masked data is for. */
export function revealPurpose(key: string): string {
  return `reveal ${key}`;
}
