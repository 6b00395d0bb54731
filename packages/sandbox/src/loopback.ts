import { isIPv4 } from 'node:net';

/**
 * Whether a host's name always means this machine, whoever answers for names. As `URL` writes it, which has brought
 * every spelling of an IPv4 address (`127.1`, `0x7f000001`) to dotted form.
 */
export function isLoopback(hostname: string): boolean {
  if (isIPv4(hostname)) return hostname.startsWith('127.');
  return hostname === '[::1]' || hostname === 'localhost' || hostname.endsWith('.localhost');
}
