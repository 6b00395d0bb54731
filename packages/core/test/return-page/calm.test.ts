import { expect, test } from 'vitest';
import { STYLE } from '../../src/desk/style.js';
import { pageStyle } from '../../src/return-page/style.js';

test.each([
  ['the return page', pageStyle()],
  ['the desk', STYLE],
])(
  'what moves on %s fades only, for less than five seconds, and not for who wants no motion',
  (_name, style) => {
    const moving = /@media\(prefers-reduced-motion:no-preference\)\{[^]*?\}\}/g;
    expect(style.replaceAll(moving, '')).not.toMatch(/animation|transition/);
    const animations = [...style.matchAll(/animation:([^}]*)/g)].map(([, said = '']) => said);
    expect(animations).toHaveLength(1);
    for (const said of animations) {
      const [, seconds, times] = /^\w+ ([\d.]+)s [\w-]+ (\d+) alternate$/.exec(said) ?? [];
      expect(Number(seconds) * Number(times)).toBeLessThan(5);
    }
    const frames = [...style.matchAll(/@keyframes \w+\{to\{([\w-]+):/g)].map(([, what]) => what);
    expect(frames).toEqual(['opacity']);
  },
);
