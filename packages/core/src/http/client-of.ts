import type { ClientOf, HttpRequest } from './http.js';

const LONGEST_NAME = 128;

/**
 * The name of a request's client, by what a merchant's function says, else by the address that the framework tells; ''
 * where it is unknown. One address is one client, and so is an IPv6 network of 64 bits: whoever has one address of it
 * has them all.
 */
export function createClientOf(clientOf: ClientOf = ({ client }) => client): ClientNaming {
  return (request) => {
    try {
      const said: unknown = clientOf(request);
      return typeof said === 'string' ? nameOfAddress(said) : '';
    } catch {
      // A page must not be lost over it.
      return '';
    }
  };
}

/** A client's name, '' for those that cannot be told apart. Never throws. */
export type ClientNaming = (request: HttpRequest) => string;

const V4_WITH_PORT = /^(\d{1,3}(?:\.\d{1,3}){3}):\d+$/;
const V4_IN_V6 = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i;
const BRACKETED = /^\[([^\]]*)\](?::\d+)?$/;
const V6 = /^[\da-f:]+$/i;

/** Some platforms give addresses as sockets have them, with a port or in brackets. */
function nameOfAddress(text: string): string {
  const address = (BRACKETED.exec(text)?.[1] ?? text).trim().replace(/%.*$/, '');
  const v4 = V4_WITH_PORT.exec(address) ?? V4_IN_V6.exec(address);
  if (v4?.[1] !== undefined) return v4[1];
  if (!address.includes(':') || !V6.test(address)) return address.slice(0, LONGEST_NAME);
  return `${networkOf(address)}::/64`;
}

/** The first four of an IPv6 address's eight groups. */
function networkOf(address: string): string {
  const [before = '', after] = address.toLowerCase().split('::');
  const [head, tail] = [before, after ?? ''].map((part) => part.split(':').filter(Boolean));
  const groups = head ?? [];
  const missing = after === undefined ? 0 : 8 - groups.length - (tail?.length ?? 0);
  const all = [
    ...groups,
    ...Array.from({ length: Math.max(0, missing) }, () => '0'),
    ...(tail ?? []),
  ];
  return all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
