import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../clock.js';
import { DEFAULT_BASE_URL } from '../../options-schema.js';

/** What a merchant has set up, as far as the command was told. */
export interface SetUp {
  readonly folder: string;
  readonly apiKey: string | undefined;
  readonly baseUrl: string;
  readonly secrets: readonly string[];
  /** Where QBitFlow sends webhooks. */
  readonly url: string | undefined;
  readonly store: string | undefined;
  readonly nodeVersion: string;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  /** What to say after the name of a variable that is missing: that a file may have it. */
  readonly envFileHint: string;
}

/** Where the values of a set-up come from. */
export interface SetUpSources {
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags: {
    readonly url?: string | undefined;
    readonly store?: string | undefined;
    readonly 'env-file'?: string | undefined;
  };
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  readonly nodeVersion: string;
}

/** Reads what was given; an empty variable is none. */
export function readSetUp({ env, flags, ...rest }: SetUpSources): SetUp {
  const variable = (name: string): string | undefined => env[name] || undefined;
  const secrets = variable('QBITFLOW_WEBHOOK_SECRET')?.split(',') ?? [];
  const hasUnreadFile = flags['env-file'] === undefined && existsSync(join(rest.folder, '.env'));
  return {
    ...rest,
    apiKey: variable('QBITFLOW_API_KEY'),
    baseUrl: variable('QBITFLOW_BASE_URL') ?? DEFAULT_BASE_URL,
    // Spaces go around the commas of several; those of a single one are looked at.
    secrets: secrets.length > 1 ? secrets.map((secret) => secret.trim()) : secrets,
    url: flags.url || variable('QBITFLOW_WEBHOOK_URL'),
    store: flags.store || variable('QBITFLOW_STORE'),
    envFileHint: hasUnreadFile ? ', or --env-file .env, which is here' : '',
  };
}
