import { isIPv4 } from 'node:net';
import { QBitFlowError } from '@qbitflow/core';

/**
 * A webhook URL this sandbox may post to: absolute http(s), and on this machine unless `allowRemote`.
 * Throws `misconfigured` otherwise, because a sandbox must not shoot at the internet.
 */
export function parseTarget(webhookUrl: string, allowRemote: boolean): URL {
  const url = URL.canParse(webhookUrl) ? new URL(webhookUrl) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw misconfigured(
      `the webhook URL ${JSON.stringify(webhookUrl)} is not an absolute http(s) URL: ` +
        'give one such as http://127.0.0.1:3000/webhook',
    );
  if (!allowRemote && !isLoopback(url.hostname))
    throw misconfigured(
      `the webhook URL's host ${url.hostname} is not this machine: ` +
        'use 127.0.0.1, [::1] or localhost, or allow remote targets (allowRemote, --allow-remote)',
    );
  return url;
}

/** `URL` has already brought every spelling of an IPv4 address (`127.1`, `0x7f000001`) to dotted form. */
function isLoopback(hostname: string): boolean {
  if (isIPv4(hostname)) return hostname.startsWith('127.');
  return hostname === '[::1]' || hostname === 'localhost' || hostname.endsWith('.localhost');
}

function misconfigured(message: string): QBitFlowError {
  return new QBitFlowError('misconfigured', message);
}
