import { DESK_LINES } from './desk-lines.js';
import { randomBytes } from 'node:crypto';
import { asError } from '../as-error.js';
import { inBackground, type CancelTimer } from '../clock.js';
import type { Deliveries } from '../deliveries.js';
import type { Runtime } from '../runtime.js';
import type { ListFilter } from '../store/durable-store.js';
import type { ActionKind, FilterFields } from './desk-query.js';

/** What is asked for: of one delivery, or of all that a filter finds. */
export interface AskedAction {
  readonly kind: ActionKind;
  readonly by: string;
  readonly target: ActionTarget;
}

/** `fields` are the filter as the operator wrote it, `filter` as it was understood at that moment. */
export type ActionTarget =
  | { readonly key: string }
  | { readonly fields: FilterFields; readonly filter: Omit<ListFilter, 'limit' | 'cursor'> };

/** An action that waits for its undo window to end, or what became of it. */
export interface HeldAction extends AskedAction {
  readonly id: string;
  /** ms since 1970. */
  readonly runsAt: number;
  readonly state: 'held' | 'undoing' | 'running' | 'done' | 'undone' | 'failed';
  readonly undoneBy?: string | undefined;
  readonly outcome?: { readonly matched: number; readonly changed: number } | undefined;
  readonly problem?: string | undefined;
}

/** How long an action can be undone. */
export const UNDO_MS = 10_000;
const KEEP_MS = 3_600_000;
const MOST_KEPT = 200;

/** The actions of this process, and word of those of others. */
export interface HeldActions {
  /** Holds an action for its undo window; `undefined` where too many are held already. */
  hold(asked: AskedAction): HeldAction | undefined;
  find(id: string): Promise<HeldAction | undefined>;
  /** What became of the action; `undefined` when there is none of that name. */
  undo(id: string, by: string): Promise<HeldAction | undefined>;
  /** Forgets what is held: nothing was done. Stops what runs. */
  close(): void;
}

interface Entry {
  action: HeldAction;
  cancel: CancelTimer;
  readonly stopping: AbortController;
}

/**
 * Actions are held in the process that was asked, so that one that ends meanwhile has done nothing. The others know of them
 * by notes in the store, where it keeps some: an undo may reach any process behind a load balancer.
 */
export function createHeldActions(
  { clock, store, diagnostics }: Pick<Runtime, 'clock' | 'store' | 'diagnostics'>,
  deliveries: Pick<Deliveries, 'replay' | 'discard' | 'replayAll' | 'discardAll'>,
): HeldActions {
  const entries = new Map<string, Entry>();

  function change(entry: Entry, changes: Partial<HeldAction>): HeldAction {
    entry.action = { ...entry.action, ...changes };
    void tell(`${ACTION}${entry.action.id}`, JSON.stringify(entry.action));
    return entry.action;
  }

  async function tell(name: string, text: string): Promise<void> {
    try {
      await store.putNote?.(name, text, { keepMs: KEEP_MS });
    } catch (thrown) {
      diagnostics.say(DESK_LINES, 'desk_note_failed', { err: asError(thrown) });
    }
  }

  async function read(name: string): Promise<string | undefined> {
    const notes = (await store.notes?.(name)) ?? [];
    return notes.find((note) => note.name === name)?.text;
  }

  async function run(entry: Entry): Promise<void> {
    const { id, by } = entry.action;
    try {
      const undoneBy = await read(`${UNDO}${id}`);
      // It may have been undone here while that was read.
      if (entry.action.state !== 'held' || entry.stopping.signal.aborted) return;
      if (undoneBy !== undefined) {
        undone(entry, undoneBy);
        return;
      }
      change(entry, { state: 'running' });
      const outcome = await perform(entry);
      change(entry, { state: 'done', outcome });
      diagnostics.say(DESK_LINES, 'desk_action', { ...factsOf(entry.action), ...outcome, by });
    } catch (thrown) {
      const err = asError(thrown);
      change(entry, { state: 'failed', problem: err.message });
      diagnostics.say(DESK_LINES, 'desk_action_failed', { ...factsOf(entry.action), by, err });
    }
  }

  async function perform({ action, stopping }: Entry): Promise<HeldAction['outcome']> {
    const { kind, target } = action;
    if ('key' in target) {
      const isChanged = await deliveries[kind](target.key);
      return { matched: 1, changed: isChanged ? 1 : 0 };
    }
    const all = kind === 'replay' ? deliveries.replayAll : deliveries.discardAll;
    return all(target.filter, { signal: stopping.signal });
  }

  function undone(entry: Entry, by: string): HeldAction {
    entry.cancel();
    diagnostics.say(DESK_LINES, 'desk_action_undone', { ...factsOf(entry.action), by });
    return change(entry, { state: 'undone', undoneBy: by });
  }

  /** The oldest that is over makes room. */
  function makeRoom(): boolean {
    if (entries.size < MOST_KEPT) return true;
    const over = [...entries.values()].find(({ action }) => isOver(action));
    return over !== undefined && entries.delete(over.action.id);
  }

  return {
    hold(asked) {
      if (!makeRoom()) return undefined;
      const id = randomBytes(12).toString('base64url');
      const runsAt = clock.now() + UNDO_MS;
      const entry: Entry = {
        action: { ...asked, id, runsAt, state: 'held' },
        cancel: inBackground(clock).after(UNDO_MS, () => void run(entry)),
        stopping: new AbortController(),
      };
      entries.set(id, entry);
      diagnostics.say(DESK_LINES, 'desk_action_asked', { ...factsOf(entry.action), by: asked.by });
      return change(entry, {});
    },
    async find(id) {
      const own = entries.get(id);
      if (own !== undefined) return own.action;
      if (!ID.test(id)) return undefined;
      const [said, undo] = await Promise.all([read(`${ACTION}${id}`), read(`${UNDO}${id}`)]);
      const action = said === undefined ? undefined : parseAction(said);
      const isUndoing = action?.state === 'held' && undo !== undefined;
      return isUndoing ? { ...action, state: 'undoing', undoneBy: undo } : action;
    },
    async undo(id, by) {
      const own = entries.get(id);
      if (own !== undefined) return own.action.state === 'held' ? undone(own, by) : own.action;
      const elsewhere = await this.find(id);
      if (elsewhere?.state !== 'held') return elsewhere;
      await store.putNote?.(`${UNDO}${id}`, by, { keepMs: KEEP_MS });
      return { ...elsewhere, state: 'undoing', undoneBy: by };
    },
    close() {
      for (const entry of entries.values()) {
        entry.cancel();
        entry.stopping.abort();
      }
    },
  };
}

const ACTION = 'desk/action/';
const UNDO = 'desk/undo/';
const ID = /^[\w-]{16}$/;

/** Whether nothing more becomes of it. */
export function isOver({ state }: HeldAction): boolean {
  return state === 'done' || state === 'undone' || state === 'failed';
}

function factsOf({ id, kind, target }: HeldAction): Readonly<Record<string, unknown>> {
  return 'key' in target
    ? { action: kind, id, key: target.key }
    : { action: kind, id, filter: target.fields };
}

const STATES: readonly unknown[] = ['held', 'undoing', 'running', 'done', 'undone', 'failed'];

/** What another process wrote; `undefined` for anything else. */
function parseAction(text: string): HeldAction | undefined {
  try {
    const action: HeldAction | undefined = JSON.parse(text);
    const isAction =
      typeof action === 'object' &&
      typeof action.target === 'object' &&
      (action.kind === 'replay' || action.kind === 'discard') &&
      [action.id, action.by].every((field) => typeof field === 'string') &&
      STATES.includes(action.state) &&
      typeof action.runsAt === 'number';
    return isAction ? action : undefined;
  } catch {
    return undefined;
  }
}
