import type { Logger } from '../logger.js';
import type { Mode } from '../mode.js';
import type { NewDelivery } from '../store/durable-store.js';
import { moneyOf } from './keep-away.js';

/** Types come from the sender: a bound, however few there are. */
const MOST_TYPES = 100;

/** Says once for each type that its events are kept away, and what to do about it. */
export function createKeptAwayWarning(logger: Logger, mode: Mode): (delivery: NewDelivery) => void {
  const warned = new Set<string>();
  return ({ type, key }) => {
    if (warned.has(type) || warned.size >= MOST_TYPES) return;
    warned.add(type);
    const money = moneyOf(key) ?? 'other';
    logger.warn(
      { code: 'mode_kept_away', type, key, money, mode },
      `a delivery of ${type} is about ${money} money and was kept away from the handlers: this kit takes ${mode} money only, as the option mode, the API key or the baseUrl says. It is recorded as done and unhandled, and further ones of this type are kept away without a word; where they are meant for this kit, set mode to '${money}' or 'both'`,
    );
  };
}
