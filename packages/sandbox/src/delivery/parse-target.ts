import { QBitFlowError } from '@qbitflow/core';
import { isLoopback } from '../loopback.js';

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

function misconfigured(message: string): QBitFlowError {
  return new QBitFlowError('misconfigured', message);
}
