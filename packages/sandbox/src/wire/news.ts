/** What can happen to a session that somebody outside hears of. */
export type News = 'completed' | 'failed' | 'expired';
