/** Every way to mount the kit; the behaviour suite runs on all of them. */
export const targets = ['express5', 'express4', 'koa3', 'koa2', 'node', 'fetch'] as const;

export type Target = (typeof targets)[number];

export type Family = 'express' | 'koa' | 'node' | 'fetch';

/** Targets of one family behave the same in front of body parsers and routers. */
export function familyOf(target: Target): Family {
  if (target === 'node' || target === 'fetch') return target;
  return target.startsWith('express') ? 'express' : 'koa';
}
