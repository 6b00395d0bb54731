import type { Activity, ProcessReport } from '../activity.js';
import type { StoredDelivery, StoreStats } from '../store/durable-store.js';
import { sparkline, throughputChart, timeline } from './charts.js';
import { linkTo } from './desk-query.js';
import { ALL_TYPES, type Figures, type Series, seriesOf, type Span } from './figures.js';
import type { DeskPage } from './layout.js';
import { markup, type Content, type Markup } from './markup.js';
import { maskEmails } from './mask.js';
import { away, count, duration, firstLine } from './words.js';

/** What the first page shows. */
export interface NowFacts {
  readonly now: number;
  readonly span: Span;
  readonly store: {
    readonly name: string;
    readonly durable: boolean;
    readonly answeredInMs: number;
  };
  readonly stats: StoreStats;
  readonly activity: Activity;
  readonly running: readonly StoredDelivery[];
  readonly dead: readonly StoredDelivery[];
}

const OVERDUE_MS = 60_000;
const MOST_TYPES = 20;

/** Counts, what needs someone, throughput and handler time, the store, the processes and what they hold. */
export function nowPage(facts: NowFacts): DeskPage {
  return {
    title: 'Now',
    view: 'now',
    liveSeconds: 5,
    main: markup`<h1>Now</h1>
      <p class="lead">What is in the inbox, and who works on it.</p>
      <div data-part="warnings">${warnings(facts)}</div>
      <div data-part="tiles">${tiles(facts)}</div>
      <div data-part="dead">${deadLetters(facts)}</div>
      <div data-part="throughput">${throughput(facts)}</div>
      <div class="cols">
        <div data-part="processes">${processes(facts)}</div>
        <div data-part="store">${storeHealth(facts)}</div>
      </div>
      <div data-part="leases">${leases(facts)}</div>`,
  };
}

function warnings({ stats, activity, store }: NowFacts): Content {
  const isWaiting = stats.oldestDueAgeMs > OVERDUE_MS;
  const hasWorker = activity.processes.some(({ concurrency }) => concurrency > 0);
  const age = duration(stats.oldestDueAgeMs);
  return [
    isWaiting &&
      markup`<div class="note bad">
        <p>
          The oldest delivery has been due for ${age}:
          ${hasWorker ? 'the workers do not keep up, or hang.' : 'no process works off deliveries. Is start() called where the handlers are?'}
        </p>
      </div>`,
    !store.durable &&
      markup`<div class="note warn">
        <p>
          Deliveries are kept in the memory of this process and are gone with it. In production give
          the kit a store: SQLite, Redis or PostgreSQL.
        </p>
      </div>`,
  ];
}

function tiles({ stats }: NowFacts): Markup {
  const { due, running, done, dead, unhandled, oldestDueAgeMs } = stats;
  const tile = (state: string, number: number, label: string, name?: string): Markup =>
    markup`<li${name !== undefined && number > 0 && markup` class="${name}"`}><a href="${linkTo({ view: 'deliveries', state })}"><b>${count(number)}</b><span>${label}</span></a></li>`;
  const isLate = oldestDueAgeMs > OVERDUE_MS;
  return markup`<ul class="tiles">${tile('due', due, 'Due')}${tile('running', running, 'Running')}${tile('done', done, 'Done')}${tile('dead', dead, 'Dead', 'alarm')}${tile('unhandled', unhandled, 'Unhandled', 'alert')}<li${isLate && markup` class="alarm"`}><div><b>${oldestDueAgeMs === 0 ? '–' : duration(oldestDueAgeMs)}</b><span>Oldest due</span></div></li></ul>`;
}

function deadLetters({ dead, stats, now }: NowFacts): Content {
  if (dead.length === 0) return undefined;
  const all = linkTo({ view: 'deliveries', state: 'dead' });
  return markup`<section aria-labelledby="dead-title">
    <div class="head">
      <h2 id="dead-title">Newest dead letters</h2>
      <span class="quiet">No attempt touches them until someone replays or discards them.</span>
      <div class="end"><a href="${all}">All ${count(stats.dead)}</a></div>
    </div>
    <div class="scroll">
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">Type</th>
            <th scope="col">Transaction</th>
            <th scope="col">Why</th>
            <th scope="col">Died</th>
          </tr>
        </thead>
        <tbody>
          ${dead.map(
            ({ key, type, subject, reference, lastError = '', at }) =>
              markup`<tr>
                <td class="tight"><a href="${linkTo({ key })}">${type}</a></td>
                <td>
                  <span class="mono">${subject}</span
                  >${reference !== undefined && markup`<span class="sub">Order <bdi>${reference}</bdi></span>`}
                </td>
                <td class="err"><bdi>${firstLine(maskEmails(lastError), 160)}</bdi></td>
                <td class="tight quiet">${away(at, now)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function throughput({ activity, span, now }: NowFacts): Markup {
  const [all, ...types] = seriesOf(activity, span, now);
  const choice = markup`<div class="seg" role="group" aria-label="Time span">
    ${(['hour', 'day'] as const).map((one) => markup`<a href="${one === 'hour' ? '?' : linkTo({ span: one })}" ${one === span && markup` aria-current="true"`}>Last ${one}</a>`)}
  </div>`;
  const head = markup`<div class="head">
    <h2 id="throughput-title">Throughput and handler time</h2>
    <span class="quiet"
      ><span class="key"></span>done<span class="key bad"></span>failed attempts</span
    >
    <div class="end">${choice}</div>
  </div>`;
  const isEmpty = all === undefined || types.length === 0;
  const every = span === 'hour' ? 'a minute' : 'an hour';
  return markup`<section aria-labelledby="throughput-title">
    ${head}${
      isEmpty
        ? markup`<div class="pad quiet">
            <p>Nothing came and nothing was done in the last ${span}.</p>
          </div>`
        : markup`<div class="pad">${throughputChart(all, every)}</div>
            ${typeTable(all, types)}`
    }
  </section>`;
}

function typeTable(all: Series, types: readonly Series[]): Markup {
  const rows = types.length > 1 ? [...types.slice(0, MOST_TYPES), all] : types;
  const left = types.length - MOST_TYPES;
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="Figures by type">
      <table>
        <thead>
          <tr>
            <th scope="col">Type</th>
            <th scope="col">Throughput</th>
            <th scope="col" class="num">Received</th>
            <th scope="col" class="num">Again</th>
            <th scope="col" class="num">Done</th>
            <th scope="col" class="num">Failed</th>
            <th scope="col" class="num">Dead</th>
            <th scope="col">Handler time</th>
            <th scope="col" class="num">p50</th>
            <th scope="col" class="num">p95</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(typeRow)}
        </tbody>
      </table>
    </div>
    ${left > 0 && markup`<div class="pad quiet"><p>${count(left)} more types are in the sum only.</p></div>`}`;
}

function typeRow(series: Series): Markup {
  const { type, total } = series;
  const name =
    type === ALL_TYPES
      ? markup`<b>All types</b>`
      : markup`<a href="${linkTo({ view: 'deliveries', type })}">${type}</a>`;
  return markup`<tr>
    <td class="tight">${name}</td>
    <td>${sparkline({ ...series, type: type || 'all types' })}</td>
    ${numbers(total)}
    <td>${timeline({ ...series, type: type || 'all types' })}</td>
    <td class="num">${time(total.p50)}</td>
    <td class="num">${time(total.p95)}</td>
  </tr>`;
}

function numbers({ received, duplicates, done, failed, dead }: Figures): Content {
  return [received, duplicates, done, failed, dead].map(
    (number) => markup`<td class="num">${count(number)}</td>`,
  );
}

function time(ms: number | undefined): string {
  return ms === undefined ? '–' : duration(ms);
}

function processes({ activity, now }: NowFacts): Markup {
  const rows = activity.processes.map(
    (process) =>
      markup`<tr>
        <td class="mono">${process.name}</td>
        <td class="tight">${roleOf(process)}</td>
        <td class="tight quiet">${away(Math.min(process.seenAt, now), now)}</td>
      </tr>`,
  );
  const body =
    rows.length === 0
      ? markup`<div class="pad quiet">
          <p>No process has said anything in the last two minutes.</p>
        </div>`
      : markup`<div class="scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">Process</th>
                <th scope="col">Handlers at work</th>
                <th scope="col">Seen</th>
              </tr>
            </thead>
            <tbody>
              ${rows}
            </tbody>
          </table>
        </div>`;
  return markup`<section aria-labelledby="processes-title">
    <div class="head"><h2 id="processes-title">Workers</h2></div>
    ${body}
  </section>`;
}

function roleOf({ running, concurrency }: ProcessReport): Content {
  return concurrency === 0 ? 'receives only' : `${count(running)} of ${count(concurrency)}`;
}

function storeHealth({ store, stats }: NowFacts): Markup {
  const { due, running, done, dead } = stats;
  return markup`<section aria-labelledby="store-title">
    <div class="head">
      <h2 id="store-title">Store</h2>
      <div class="end"><span class="badge done">answers</span></div>
    </div>
    <div class="pad">
      <dl>
        <dt>Kind</dt>
        <dd>${store.name}${store.durable ? '' : ' (forgets when the process ends)'}</dd>
        <dt>Answered in</dt>
        <dd>${duration(store.answeredInMs)}</dd>
        <dt>Deliveries kept</dt>
        <dd>${count(due + running + done + dead)}</dd>
      </dl>
    </div>
  </section>`;
}

function leases({ running, stats, now }: NowFacts): Content {
  if (running.length === 0) return undefined;
  const rows = running.map(
    ({ key, type, subject, holder, leaseUntil, at, started }) =>
      markup`<tr>
        <td class="tight"><a href="${linkTo({ key })}">${type}</a></td>
        <td class="mono">${subject}</td>
        <td class="mono">${holder ?? 'not said'}</td>
        <td class="tight quiet">${away(at, now)}</td>
        <td class="tight">${lease(leaseUntil, now)}</td>
        <td class="num">${started}</td>
      </tr>`,
  );
  return markup`<section aria-labelledby="leases-title">
    <div class="head">
      <h2 id="leases-title">Leases</h2>
      <span class="quiet"
        >What runs now, and who holds it. A lease that lapses gives it to another process.</span
      >${stats.running > running.length && markup`<div class="end"><a href="${linkTo({ view: 'deliveries', state: 'running' })}">All ${count(stats.running)}</a></div>`}
    </div>
    <div class="scroll" tabindex="0" role="region" aria-label="Leases">
      <table>
        <thead>
          <tr>
            <th scope="col">Type</th>
            <th scope="col">Transaction</th>
            <th scope="col">Held by</th>
            <th scope="col">Taken</th>
            <th scope="col">Lease</th>
            <th scope="col" class="num">Start</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </section>`;
}

function lease(until: number | undefined, now: number): Content {
  if (until === undefined) return '–';
  return until < now
    ? markup`<span class="badge late">lapsed</span>`
    : `${duration(until - now)} left`;
}
