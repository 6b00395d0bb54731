import { randomUUID } from 'node:crypto';
import type { GenerationName } from '../../protocol/generation.js';
import { NEWEST } from '../../protocol/index.js';
import { PROBE_ID } from '../../webhook/probe.js';

/** A signed test delivery that the kit knows as the doctor's. */
export interface Probe {
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** How a probe is signed. */
export interface ProbeSigning {
  /** The ways it is signed, by generation; what it says is the same for all. */
  readonly names: readonly GenerationName[];
  readonly secrets: readonly string[];
  /** Ms since 1970. */
  readonly nowMs: number;
}

/** Nobody's endpoint. */
const ENDPOINT = '00000000-0000-4000-8000-000000000000';

/** Signs a fresh probe as QBitFlow signs its deliveries. */
export async function signProbe({ names, secrets, nowMs }: ProbeSigning): Promise<Probe> {
  // Loaded as the entry it is: in what commands and entries have in common it would be one file more of every import.
  const { signDelivery } = await import('../../testing/index.js');
  const id = `${PROBE_ID}${randomUUID()}`;
  const body = bodyOf(id, nowMs);
  const timestamp = Math.floor(nowMs / 1_000);
  const signed = names.map((version) =>
    signDelivery({ version, body, secret: secrets, timestamp, id }),
  );
  return { id, headers: Object.assign({}, ...signed.map(({ headers }) => headers)), body };
}

/** Escaped as QBitFlow's own bodies are, so that whatever reads and writes it anew does not leave the same bytes. */
function bodyOf(id: string, nowMs: number): Buffer {
  const message = 'sent by qbitflow doctor <& nobody else>';
  const createdAt = new Date(nowMs).toISOString();
  const data = { endpointUuid: ENDPOINT, message };
  const text = JSON.stringify({
    id,
    type: 'webhook.test',
    version: NEWEST.name,
    createdAt,
    test: true,
    data,
  });
  const escaped = text.replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
  return Buffer.from(escaped, 'utf8');
}
