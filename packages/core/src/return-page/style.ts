import { accentColors, BACKGROUNDS } from './colors.js';

const ACCENT = '#1d4ed8';

/** The page's one style sheet, with the colours that come of an accent (`#rgb` or `#rrggbb`; default a blue). */
export function pageStyle(accent = ACCENT): string {
  const { light, dark } = accentColors(accent);
  const mode = (colors: typeof light): string =>
    `--link:${colors.text};--fill:${colors.fill};--on:${colors.onFill};--edge:${colors.edge}`;
  return `:root{color-scheme:light dark;--page:${BACKGROUNDS.light.page};--card:${BACKGROUNDS.light.card};--text:#17181c;--soft:#5c6069;--line:#e3e5e9;--good:#15803d;--goodbg:#dcfce7;--now:#1d4ed8;--nowbg:#dbeafe;--warn:#b45309;--warnbg:#fef3c7;--bad:#b91c1c;--badbg:#fee2e2;${mode(light)}}
@media(prefers-color-scheme:dark){:root{--page:${BACKGROUNDS.dark.page};--card:${BACKGROUNDS.dark.card};--text:#f2f3f5;--soft:#a3a8b3;--line:#2e3138;--good:#4ade80;--goodbg:#12351f;--now:#8ab4ff;--nowbg:#172a4d;--warn:#fbbf24;--warnbg:#3a2a0a;--bad:#f87171;--badbg:#421717;${mode(dark)}}}
${BASE}`;
}

// What moves fades only, which costs no painting, and for less than five seconds: many tabs may wait, and WCAG 2.2.2 wants
// a way to stop what moves longer. The grid keeps the card in the middle of tall windows and lets it scroll in low ones. Everything may break: names of a
// hundred letters, hashes, and sentences at 320 px.
const BASE = `*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;grid-template-columns:minmax(0,30rem);place-content:center;padding:1rem;font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;background:var(--page);color:var(--text);overflow-wrap:anywhere}
header{display:flex;gap:.75rem;align-items:center;justify-content:center;padding:.5rem 0 1.25rem;font-weight:600;color:var(--text)}
header img{display:block;height:2.5rem;max-width:12rem;object-fit:contain}
main{background:var(--card);border:1px solid var(--line);border-radius:1rem;padding:2rem 1.5rem;text-align:center}
@media(min-width:30rem){main{padding:2.5rem}}
h1{margin:0;font-size:1.25rem;line-height:1.3;text-wrap:balance}
p{margin:.5rem 0 0}
[data-part=news]{color:var(--soft);text-wrap:pretty}
svg.state{width:3.5rem;height:3.5rem;display:block;margin:0 auto 1rem;border-radius:50%;padding:.875rem;fill:none;stroke:currentColor;stroke-width:2.5;stroke-linecap:round;stroke-linejoin:round;color:var(--tint);background:var(--tintbg)}
.good{--tint:var(--good);--tintbg:var(--goodbg)}
.now{--tint:var(--now);--tintbg:var(--nowbg)}
.warn{--tint:var(--warn);--tintbg:var(--warnbg)}
.bad{--tint:var(--bad);--tintbg:var(--badbg)}
@media(prefers-reduced-motion:no-preference){li[aria-current]:not(:last-child)::before{animation:wait .8s ease-in-out 6 alternate}}
@keyframes wait{to{opacity:.35}}
.amount{margin:.5rem 0 0;font-size:clamp(1.5rem,9vw,2.5rem);line-height:1.15;font-weight:700;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
.amount.long{font-size:clamp(1.125rem,5vw,1.5rem)}
.every{margin:.125rem 0 0;color:var(--soft)}
.test{display:inline-block;margin:.75rem 0 0;padding:.125rem .625rem;border-radius:1rem;font-size:.875rem;color:var(--warn);background:var(--warnbg)}
ol{display:inline-block;margin:1.5rem 0 0;padding:0;list-style:none;text-align:start}
li{padding:.2em 0;padding-inline-start:1.9em;position:relative;color:var(--soft)}
li::before{content:"";position:absolute;inset-inline-start:.1em;top:.5em;width:.9em;height:.9em;border:2px solid currentColor;border-radius:50%}
li+li::after{content:"";position:absolute;inset-inline-start:calc(.55em - 1px);bottom:calc(100% - .3em);height:.5em;border-inline-start:2px solid var(--line)}
li.reached{color:var(--text)}
li.reached::before{background:var(--good);border-color:var(--good)}
li[aria-current]{font-weight:600}
li[aria-current]:not(:last-child)::before{background:none;border:.25em solid var(--now)}
.bought{margin:1.75rem 0 0;padding:1rem 0 0;border-top:1px solid var(--line);font-weight:600;text-align:start}
dl{margin:.5rem 0 0;font-size:.9375rem;text-align:start}
.facts:not(.bought+.facts){margin-top:1.75rem;padding-top:.75rem;border-top:1px solid var(--line)}
dl div{display:grid;grid-template-columns:fit-content(45%) minmax(0,1fr);gap:0 1rem;align-items:baseline;padding:.375rem 0}
dt{color:var(--soft)}
dd{margin:0;text-align:end}
code{font:.875em ui-monospace,SFMono-Regular,Menlo,monospace}
.print{display:none}
[data-part=actions]{display:grid;gap:.75rem;margin-top:1.75rem}
[data-part=actions]:empty{display:none}
a,button{font:inherit;color:var(--link)}
a{text-underline-offset:.2em}
button{background:none;border:0;padding:0 .25rem;min-height:1.5rem;text-decoration:underline;text-underline-offset:.2em;cursor:pointer}
dd a,dd button{display:inline-block;padding:0;min-height:1.5rem;margin-inline-start:.5rem}
[data-part=actions]>*{display:block;padding:.625rem 1rem;border-radius:.625rem;border:1px solid var(--line);text-decoration:none;font-weight:600}
[data-part=actions]>.main{background:var(--fill);color:var(--on);border-color:var(--edge)}
[hidden]{display:none!important}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
footer{padding:1.25rem 0 .5rem;text-align:center;font-size:.9375rem}
footer a{display:inline-block;padding:.25rem .5rem}
.said{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media(forced-colors:active){main,svg.state{border:1px solid CanvasText}li.reached::before{forced-color-adjust:none;background:CanvasText;border-color:CanvasText}}
@media print{@page{margin:1.5cm}:root{color-scheme:light}body{display:block;padding:0;background:none;color:#000}main{border:0;padding:0;background:none}[data-part=actions],footer,button,dd a,ol,svg.state{display:none!important}dt,[data-part=news]{color:#333}.print{display:inline}.screen{display:none}}`;
