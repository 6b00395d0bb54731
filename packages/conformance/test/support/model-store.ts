import type { DurableStore, NewDelivery, RecordOutcome } from '@qbitflow/core';
import { checkedDelayMs, checkedLeaseMs, checkedStart } from './checked.js';
import { isHeld, merged, newRow, type ModelData, type Row } from './data.js';

type Transitions = Pick<
  DurableStore,
  'extend' | 'complete' | 'retry' | 'bury' | 'replay' | 'discard'
>;

function completeWithBody({ delivery }: Row, later: NewDelivery): Row['webhook'] {
  if (delivery.source === 'webhook' || later.source !== 'webhook') return undefined;
  const { id, version, raw, headers, receivedAt } = later;
  return { id, version, raw, headers, receivedAt };
}

export function record(data: ModelData, delivery: NewDelivery): RecordOutcome {
  if (data.tombstones.has(delivery.key)) return { status: 'duplicate', state: 'done' };
  const known = data.rows.get(delivery.key);
  if (known !== undefined) {
    known.webhook ??= completeWithBody(known, delivery);
    return { status: 'duplicate', state: known.state };
  }
  data.rows.set(delivery.key, newRow(data, delivery));
  announce(data, delivery.subject);
  return { status: 'recorded' };
}

export function announce({ listeners }: ModelData, subject: string | undefined): void {
  for (const { call } of listeners) call(subject);
}

function end(data: ModelData, row: Row, state: 'done' | 'dead'): void {
  row.state = state;
  row.at = data.now();
  row.finished = row.started;
}

export function transitions(data: ModelData): Transitions {
  const held = (claim: { key: string; token: string }): Row | undefined => {
    const row = data.rows.get(claim.key);
    return isHeld(row, claim) ? row : undefined;
  };
  return {
    async extend(claim, { leaseMs, succeeded, start }) {
      const row = held(claim);
      if (row === undefined) return 'lost';
      const started = start === undefined ? row.started : checkedStart(start);
      row.at = data.now() + checkedLeaseMs(leaseMs);
      row.succeeded = merged(row.succeeded, succeeded);
      row.started = started;
      return 'ok';
    },
    async complete(claim, { succeeded }) {
      const row = held(claim);
      if (row === undefined) return 'lost';
      row.succeeded = merged(row.succeeded, succeeded);
      end(data, row, 'done');
      return 'ok';
    },
    async retry(claim, { delayMs, error, succeeded, counted = true }) {
      const row = held(claim);
      if (row === undefined) return 'lost';
      const waitMs = checkedDelayMs(delayMs);
      row.succeeded = merged(row.succeeded, succeeded);
      row.lastError = error;
      row.state = 'due';
      row.at = data.now() + waitMs;
      row.waits = waitMs > 0;
      if (counted) row.finished = row.started;
      else row.started = row.startedBefore;
      return 'ok';
    },
    async bury(claim, { error, succeeded }) {
      const row = held(claim);
      if (row === undefined) return 'lost';
      row.succeeded = merged(row.succeeded, succeeded);
      row.lastError = error;
      end(data, row, 'dead');
      return 'ok';
    },
    async replay(key) {
      const row = data.rows.get(key);
      if (row?.state !== 'dead' && row?.state !== 'done') return false;
      const now = data.now();
      if (row.state === 'done') row.succeeded = [];
      const afresh = { started: 0, finished: 0, unhandled: false, waits: false };
      Object.assign(row, { ...afresh, state: 'due', at: now, dueSince: now });
      announce(data, undefined);
      return true;
    },
    async discard(key) {
      if (data.rows.get(key)?.state !== 'dead') return false;
      data.rows.delete(key);
      data.tombstones.set(key, data.now());
      return true;
    },
  };
}
