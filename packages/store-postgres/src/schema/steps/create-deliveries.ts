import type { Names } from '../names.js';

/**
 * `at` is the time a state is about: due since or from, lease ends, done since, dead since.
 */
export function createDeliveries({ deliveries, sequence }: Names): readonly string[] {
  return [
    `CREATE SEQUENCE ${sequence}`,
    `CREATE TABLE ${deliveries} (
  key text PRIMARY KEY,
  seq bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('due', 'running', 'done', 'dead')),
  at timestamptz NOT NULL,
  token text,
  started integer NOT NULL DEFAULT 0,
  finished integer NOT NULL DEFAULT 0,
  counted integer NOT NULL DEFAULT 0,
  succeeded text[] NOT NULL DEFAULT '{}',
  last_error text,
  recorded_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  subject text NOT NULL,
  event_id text NOT NULL,
  type text NOT NULL,
  version text NOT NULL,
  source text NOT NULL,
  headers jsonb NOT NULL,
  raw bytea NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05)`,
    `CREATE INDEX delivery_open ON ${deliveries} (at, seq) INCLUDE (state) WHERE state IN ('due', 'running')`,
    `CREATE INDEX delivery_done ON ${deliveries} (at) WHERE state = 'done'`,
    `CREATE INDEX delivery_dead ON ${deliveries} (seq) WHERE state = 'dead'`,
    `CREATE UNIQUE INDEX delivery_order ON ${deliveries} (seq)`,
    `CREATE INDEX delivery_subject ON ${deliveries} (subject, seq)`,
  ];
}
