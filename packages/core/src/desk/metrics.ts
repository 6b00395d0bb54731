import { DESK_LINES } from './desk-lines.js';
import { type Activity, DURATION_BOUNDS_MS, type TypeActivity } from '../activity.js';
import { asError } from '../as-error.js';
import type { HttpRequest, HttpResponse } from '../http/http.js';
import type { QBitFlow } from '../kit.js';
import type { Runtime } from '../runtime.js';
import type { StoreStats } from '../store/durable-store.js';
import { askAuthorize, fromPrivateNetwork } from './access.js';
import type { MetricsOptions } from './desk-options.js';
import { sum } from './figures.js';

/** The figures of one kit for a scrape. */
export interface Metrics {
  /** Answers one scrape. Never rejects. */
  handle(request: HttpRequest, options: MetricsOptions): Promise<HttpResponse>;
}

const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

/** Prometheus' text format 0.0.4: counts and times by event type, never a key, an id or a body. `begun`: since when to count, ms since 1970. */
export function createMetrics(
  runtime: Runtime,
  deliveries: Pick<QBitFlow['deliveries'], 'stats' | 'activity'>,
  begun: number,
): Metrics {
  const { clock, diagnostics } = runtime;
  const totals = createTotals(begun);

  return {
    async handle(request, { authorize }) {
      const { method } = request;
      if (method !== 'GET' && method !== 'HEAD')
        return plain(405, 'GET and HEAD only\n', { allow: 'GET, HEAD' });
      const access =
        authorize === undefined
          ? fromPrivateNetwork(request)
          : await askAuthorize(runtime, request, authorize);
      if (!access.allowed) return plain(403, access.why === 'authorize' ? 'no\n' : NOT_NEAR);
      try {
        const [stats, activity] = await Promise.all([deliveries.stats(), deliveries.activity()]);
        totals.take(activity, clock.now());
        const body = render(stats, activity, totals.byType());
        return plain(200, method === 'HEAD' ? '' : body, FORMAT);
      } catch (thrown) {
        diagnostics.say(DESK_LINES, 'metrics_failed', { err: asError(thrown) });
        return plain(503, 'the store does not answer\n');
      }
    },
  };
}

const FORMAT = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' } as const;
const NOT_NEAR =
  'Without an `authorize`, metrics are for direct requests from loopback and private networks: give metricsHandler one.\n';

function plain(
  status: number,
  body: string,
  more: Readonly<Record<string, string>> = {},
): HttpResponse {
  return {
    status,
    headers: { ...HEADERS, 'content-type': 'text/plain; charset=utf-8', ...more },
    body,
  };
}

const MINUTE_MS = 60_000;
const KEPT_MS = 70 * MINUTE_MS;

/** Counters that only grow, made of minutes that come and go. */
interface Totals {
  take(activity: Activity, now: number): void;
  byType(): ReadonlyMap<string, TypeActivity>;
}

/**
 * What was done since this process began. A minute may be told several times, and with more in it each time: only what
 * is new is added. A scraper that comes less than once an hour misses some.
 */
function createTotals(begun: number): Totals {
  const seen = new Map<string, { readonly from: number; readonly counts: TypeActivity }>();
  const totals = new Map<string, TypeActivity>();
  const first = Math.floor(begun / MINUTE_MS) * MINUTE_MS;
  return {
    take({ minutes }, now) {
      for (const { from, types } of minutes) {
        if (from < first) continue;
        for (const [type, counts] of Object.entries(types)) {
          const name = `${from} ${type}`;
          const more = increase(seen.get(name)?.counts, counts);
          seen.set(name, { from, counts });
          totals.set(type, sum([totals.get(type) ?? sum([]), more]));
        }
      }
      for (const [name, { from }] of seen) if (from < now - KEPT_MS) seen.delete(name);
    },
    byType: () => totals,
  };
}

function increase(before: TypeActivity | undefined, now: TypeActivity): TypeActivity {
  if (before === undefined) return now;
  const more = (name: keyof Omit<TypeActivity, 'durations'>): number =>
    Math.max(0, now[name] - before[name]);
  return {
    received: more('received'),
    duplicates: more('duplicates'),
    done: more('done'),
    failed: more('failed'),
    dead: more('dead'),
    totalMs: more('totalMs'),
    durations: now.durations.map((number, index) =>
      Math.max(0, number - (before.durations[index] ?? 0)),
    ),
  };
}

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number];

function render(
  stats: StoreStats,
  activity: Activity,
  totals: ReadonlyMap<string, TypeActivity>,
): string {
  const { due, running, done, dead, unhandled, oldestDueAgeMs } = stats;
  const states = Object.entries({ due, running, done, dead });
  const byType = [...totals].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const counter = (name: 'received' | 'duplicates' | 'done' | 'failed' | 'dead'): Sample[] =>
    byType.map(([type, counts]) => [{ type }, counts[name]]);
  const workers = activity.processes.filter(({ concurrency }) => concurrency > 0);
  const of = (name: 'running' | 'concurrency'): Sample[] => [
    [{}, workers.reduce((total, worker) => total + worker[name], 0)],
  ];
  return [
    family(
      'qbitflow_deliveries',
      'gauge',
      'Deliveries in the inbox, by state.',
      states.map(([state, value]): Sample => [{ state }, value]),
    ),
    family(
      'qbitflow_deliveries_unhandled',
      'gauge',
      'Deliveries that no handler has seen or will see; those that are done count as done too.',
      [[{}, unhandled]],
    ),
    family(
      'qbitflow_oldest_due_age_seconds',
      'gauge',
      'How long the oldest due delivery has waited.',
      [[{}, oldestDueAgeMs / 1_000]],
    ),
    family('qbitflow_worker_processes', 'gauge', 'Processes that work off deliveries.', [
      [{}, workers.length],
    ]),
    family('qbitflow_handlers_running', 'gauge', 'Deliveries at work in them.', of('running')),
    family('qbitflow_handlers_capacity', 'gauge', 'How many may be at once.', of('concurrency')),
    family(
      'qbitflow_deliveries_received_total',
      'counter',
      'Deliveries that came, those that were known already included.',
      counter('received'),
    ),
    family(
      'qbitflow_deliveries_duplicate_total',
      'counter',
      'Deliveries that were known already.',
      counter('duplicates'),
    ),
    family(
      'qbitflow_deliveries_done_total',
      'counter',
      'Deliveries whose handlers succeeded.',
      counter('done'),
    ),
    family('qbitflow_attempts_failed_total', 'counter', 'Attempts that failed.', counter('failed')),
    family('qbitflow_deliveries_dead_total', 'counter', 'Deliveries given up.', counter('dead')),
    histogram(
      'qbitflow_handler_duration_seconds',
      'How long the handlers of an attempt took.',
      byType,
    ),
  ].join('');
}

function family(name: string, kind: string, help: string, samples: readonly Sample[]): string {
  const lines = samples.map(([labels, value]) => sample(name, labels, value));
  return `${head(name, kind, help)}${lines.join('')}`;
}

function head(name: string, kind: string, help: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n`;
}

function histogram(
  name: string,
  help: string,
  byType: readonly (readonly [string, TypeActivity])[],
): string {
  const lines = byType.flatMap(([type, { durations, totalMs }]) => {
    let below = 0;
    const buckets = DURATION_BOUNDS_MS.map((bound, index) => {
      below += durations[index] ?? 0;
      return sample(`${name}_bucket`, { type, le: String(bound / 1_000) }, below);
    });
    const all = below + (durations[DURATION_BOUNDS_MS.length] ?? 0);
    return [
      ...buckets,
      sample(`${name}_bucket`, { type, le: '+Inf' }, all),
      sample(`${name}_sum`, { type }, totalMs / 1_000),
      sample(`${name}_count`, { type }, all),
    ];
  });
  return `${head(name, 'histogram', help)}${lines.join('')}`;
}

function sample(name: string, labels: Labels, value: number): string {
  const said = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}${said.length === 0 ? '' : `{${said.join(',')}}`} ${String(value)}\n`;
}

function escaped(label: string): string {
  return label.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}
