/**
 * What can happen to a session, or to the subscription it became, that somebody outside hears of;
 * `statusChanged` is the subscription's.
 */
export type News = 'completed' | 'failed' | 'expired' | 'billed' | 'statusChanged';
