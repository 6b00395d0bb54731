import type { TakenDelivery, TakeOptions } from '@qbitflow/core';
import { isOfType, takenView, type ModelData, type Row } from './data.js';

const isReady = ({ state, waits, at }: Row, now: number): boolean =>
  state === 'due' ? !waits || at <= now : state === 'running' && at <= now;

const isLapsed = ({ started, finished }: Row): boolean => started > finished;

/** What may be taken with these options, oldest due first. */
function* candidates(data: ModelData, options: TakeOptions): Generator<Row> {
  const { limit, types = { except: [] }, exceptSubjects = [], lapsedLimit = limit } = options;
  const now = data.now();
  const taken = new Set<string>(exceptSubjects);
  let lapsed = 0;
  for (const row of [...data.rows.values()].toSorted((a, b) => a.at - b.at)) {
    const { subject, type } = row.delivery;
    if (!isReady(row, now) || !isOfType(types, type) || taken.has(subject)) continue;
    if (isLapsed(row) && lapsed >= lapsedLimit) continue;
    if (isLapsed(row)) lapsed += 1;
    taken.add(subject);
    yield row;
  }
}

export function take(data: ModelData, options: TakeOptions): TakenDelivery[] {
  const taken: TakenDelivery[] = [];
  const chosen = [...candidates(data, options)].slice(0, Math.max(0, Math.floor(options.limit)));
  for (const row of chosen) {
    const lapsed = isLapsed(row);
    row.startedBefore = row.started;
    if (!lapsed) row.started += 1;
    data.tokens += 1;
    row.token = String(data.tokens);
    row.state = 'running';
    row.at = data.now() + options.leaseMs;
    taken.push(takenView(row, lapsed));
  }
  return taken;
}
