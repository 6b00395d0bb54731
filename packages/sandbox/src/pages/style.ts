/** The one stylesheet of the sandbox's pages. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #f6f7f9; --card: #fff; --ink: #1b2130; --soft: #5b6579; --line: #d9dee7; --brand: #2f5bea;
  --good: #0f7a41; --good-paper: #e2f5ea; --bad: #b3261e; --bad-paper: #fce8e6;
  --busy: #8a5a00; --busy-paper: #fff1d6; --open: #2f5bea; --open-paper: #e6ecff; --over: #555f71; --over-paper: #e9ecf1;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #11141b; --card: #191e28; --ink: #e7eaf1; --soft: #9aa5b8; --line: #2e3646; --brand: #4f78f5;
    --good: #6fdc9f; --good-paper: #12321f; --bad: #ff9d94; --bad-paper: #3d1715;
    --busy: #f5c463; --busy-paper: #38290b; --open: #9db7ff; --open-paper: #1b2747; --over: #a9b3c4; --over-paper: #272e3b;
  }
}
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; background: var(--paper); color: var(--ink); }
a { color: var(--open); text-underline-offset: 2px; }
:focus-visible { outline: 2px solid var(--brand); outline-offset: 2px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--card); padding: 0.25rem 0.75rem; z-index: 2; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 1.5rem; padding: 0.5rem 1.25rem;
  background: var(--card); border-bottom: 1px solid var(--line); position: sticky; top: 0; z-index: 1; }
.brand { font-weight: 700; font-size: 1.1rem; color: var(--ink); text-decoration: none; }
.brand span { font-weight: 400; color: var(--soft); }
.tabs { display: flex; gap: 0.25rem; flex: 1; }
.tabs a { padding: 0.4rem 0.7rem; border-radius: 0.5rem; text-decoration: none; color: var(--soft); }
.tabs a:hover { background: var(--paper); }
.tabs a[aria-current] { color: var(--ink); background: var(--open-paper); font-weight: 600; }
#live { font-size: 0.85rem; color: var(--soft); }
#live[data-state=on]::before { content: '●'; color: var(--good); margin-right: 0.35rem; }
#live[data-state=away] { color: var(--bad); }
#live[data-state=away]::before { content: '✕'; margin-right: 0.35rem; }
.quiet { display: none; }
main { max-width: 27rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
main.wide { max-width: 84rem; padding: 1rem 1.25rem 4rem; }
h1 { font-size: 1.4rem; margin: 0.5rem 0; line-height: 1.25; }
h2 { font-size: 1.05rem; margin: 1.75rem 0 0.5rem; }
h3 { font-size: 0.85rem; margin: 0.9rem 0 0.35rem; color: var(--soft); font-weight: 600; }
p { margin: 0.4rem 0; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.15rem 1rem; margin: 0.5rem 0; font-size: 0.9rem; }
dt { color: var(--soft); }
dd { margin: 0; }
.id, dd { overflow-wrap: anywhere; }
.small { color: var(--soft); font-size: 0.83rem; overflow-wrap: anywhere; }
.center { text-align: center; }
.columns { display: grid; grid-template-columns: minmax(0, 1fr) 21rem; gap: 1.5rem; align-items: start; }
.lists, aside section, .card, .event { background: var(--card); border: 1px solid var(--line); border-radius: 0.75rem; }
.lists { padding: 0.75rem 1.25rem 1rem; }
aside section { padding: 0.25rem 1rem 1rem; margin-bottom: 1rem; }
aside h2 { margin-top: 0.75rem; }
aside dl { grid-template-columns: 1fr; }
aside dd { margin-bottom: 0.35rem; font-family: ui-monospace, monospace; font-size: 0.83rem; }
.card > form:first-child { margin-top: 0; }
.card { padding: 1.5rem; margin: 1rem 0; box-shadow: 0 1px 3px rgb(0 0 0 / 8%); }
.price { font-size: 2.1rem; font-weight: 700; margin: 0.25rem 0 0.75rem; letter-spacing: -0.02em; }
.fees { grid-template-columns: minmax(0, 1fr) max-content; border-top: 1px solid var(--line); padding-top: 0.5rem; }
.fees dd { text-align: right; font-variant-numeric: tabular-nums; }
.fees .small { display: block; }
.fees .small:empty { display: none; }
.left { font-variant-numeric: tabular-nums; font-weight: 600; }
.notice { border-left: 4px solid var(--brand); background: var(--open-paper); padding: 0.5rem 0.75rem; margin: 1rem 0; border-radius: 0 0.4rem 0.4rem 0; }
.notice.bad { border-color: var(--bad); background: var(--bad-paper); }
.notice.good { border-color: var(--good); background: var(--good-paper); }
form { margin: 0.5rem 0 0; }
label { display: block; margin: 0.6rem 0 0.2rem; font-size: 0.88rem; }
input, select, textarea, button { font: inherit; color: inherit; border: 1px solid var(--line); border-radius: 0.5rem;
  background: var(--card); padding: 0.5rem 0.7rem; }
input:not([type=radio]), select, textarea { width: 100%; background: var(--paper); }
textarea { resize: vertical; font-family: ui-monospace, monospace; font-size: 0.83rem; }
button { cursor: pointer; width: 100%; }
button:hover { border-color: var(--brand); }
button[aria-busy] { opacity: 0.6; }
button.first { background: #2f5bea; border-color: #2f5bea; color: #fff; font-weight: 600; margin-top: 0.75rem; padding: 0.7rem; }
button.first:hover { background: #2449c4; }
main.wide button { width: auto; min-height: 2.25rem; padding: 0.25rem 0.75rem; font-size: 0.88rem; background: var(--card); white-space: nowrap; }
main.wide button.first { background: #2f5bea; }
fieldset { border: 0; padding: 0; margin: 0.9rem 0 0; }
legend { font-size: 0.88rem; padding: 0; margin-bottom: 0.2rem; }
.choice { display: flex; align-items: center; gap: 0.5rem; border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.55rem 0.7rem; margin: 0.35rem 0; cursor: pointer; }
.choice:has(:checked) { border-color: var(--brand); background: var(--open-paper); }
.search { display: flex; gap: 0.5rem; align-items: center; }
.search input { flex: 1; min-width: 0; }
kbd { border: 1px solid var(--line); border-radius: 0.3rem; padding: 0 0.45rem; color: var(--soft); font-size: 0.8rem; }
.chips, .pager { display: flex; flex-wrap: wrap; gap: 0.4rem; margin: 0.6rem 0; align-items: center; }
.pager { gap: 1rem; }
.pager a { padding: 0.25rem 0; }
.chip { font-size: 0.83rem; padding: 0.2rem 0.7rem; border-radius: 1rem; border: 1px solid var(--line); text-decoration: none; color: var(--soft); }
.chip[aria-current] { background: var(--open-paper); color: var(--open); border-color: var(--open); font-weight: 600; }
.switches { display: flex; flex-wrap: wrap; gap: 0.35rem; }
.switches form { margin: 0; }
main.wide .switch { min-height: 2rem; padding: 0.1rem 0.65rem; font-size: 0.83rem; border-radius: 1rem; }
.switch[aria-pressed=true] { color: var(--open); background: var(--open-paper) !important; border-color: var(--open); font-weight: 600; }
.switch[aria-pressed=true]::before { content: '✓ '; }
.badge { display: inline-block; font-size: 0.8rem; font-weight: 600; padding: 0.05rem 0.55rem; border-radius: 1rem;
  color: var(--over); background: var(--over-paper); margin-right: 0.25rem; overflow-wrap: anywhere; vertical-align: middle; }
.badge.good { color: var(--good); background: var(--good-paper); }
.badge.bad { color: var(--bad); background: var(--bad-paper); }
.badge.busy { color: var(--busy); background: var(--busy-paper); }
.badge.open { color: var(--open); background: var(--open-paper); }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
th { color: var(--soft); font-weight: 600; font-size: 0.83rem; }
th, td { text-align: left; padding: 0.5rem 0.6rem 0.5rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td > div { overflow-wrap: anywhere; }
td form { margin: 0; }
tbody tr:hover { background: color-mix(in srgb, var(--open-paper) 35%, transparent); }
td .badge { white-space: nowrap; }
.name { display: inline-block; min-width: 11.5rem; overflow-wrap: anywhere; }
td .id { font-size: 0.83rem; }
.to-switches { display: none; }
.answer { display: block; font: 0.8rem/1.4 ui-monospace, monospace; background: var(--paper); border: 1px solid var(--line); border-radius: 0.4rem;
  padding: 0.35rem 0.55rem; margin: 0.3rem 0; overflow-wrap: anywhere; max-height: 9rem; overflow-y: auto; }
.hint { margin: 0.3rem 0; padding: 0.35rem 0.6rem; border-left: 3px solid var(--busy); background: var(--busy-paper); border-radius: 0 0.4rem 0.4rem 0; font-size: 0.88rem; }
.line { display: flex; flex-wrap: wrap; gap: 0.15rem 0.6rem; align-items: center; margin: 0.2rem 0; }
.event { padding: 0.6rem 1rem 0.8rem; }
.delivery { border-top: 1px solid var(--line); margin-top: 0.5rem; padding-top: 0.4rem; }
.attempts { margin: 0.3rem 0 0; padding-left: 1.4rem; }
.attempts li { margin: 0.3rem 0; }
.timeline { list-style: none; margin: 0; padding: 0 0 0 1.25rem; border-left: 2px solid var(--line); }
.timeline > li { position: relative; margin: 0 0 0.9rem; }
.timeline > li::before { content: ''; position: absolute; left: -1.62rem; top: 0.5rem; width: 0.65rem; height: 0.65rem; border-radius: 50%;
  background: var(--card); border: 2px solid var(--soft); }
.actions { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: 0.6rem; }
.action { margin: 0; display: flex; flex-wrap: wrap; align-content: flex-start; gap: 0.35rem 0.6rem; align-items: center; background: var(--card); border: 1px solid var(--line); border-radius: 0.75rem; padding: 0.6rem 0.8rem; }
.action .small { flex-basis: 100%; }
.action input, .action select { flex: 1; min-width: 7rem; width: auto; padding: 0.25rem 0.5rem; font-size: 0.88rem; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 0.75rem; padding: 0.75rem 1rem; overflow: auto; font-size: 0.83rem; max-height: 40rem; }
.report { position: fixed; right: 1rem; bottom: 1rem; max-width: min(30rem, calc(100vw - 2rem)); margin: 0; padding: 0.6rem 1rem; border-radius: 0.6rem;
  background: var(--ink); color: var(--card); box-shadow: 0 4px 16px rgb(0 0 0 / 25%); overflow-wrap: anywhere; }
.report.bad { background: var(--bad); color: var(--bad-paper); }
@media (max-width: 62rem) {
  .columns { grid-template-columns: minmax(0, 1fr); }
  .to-switches { display: block; }
  aside { scroll-margin-top: 5rem; }
}
@media (max-width: 44rem) {
  main.wide { padding: 0.75rem 0.6rem 3rem; }
  header { padding: 0.4rem 0.75rem; gap: 0 1rem; }
  .lists { padding: 0.5rem 0.75rem 0.75rem; }
  .search kbd { display: none; }
  thead { display: none; }
  table, tbody, tr, td { display: block; }
  tr { border: 1px solid var(--line); border-radius: 0.75rem; padding: 0.4rem 0.2rem; margin-bottom: 0.6rem; }
  td { display: grid; grid-template-columns: 6rem minmax(0, 1fr); border: 0; padding: 0.2rem 0.6rem; }
  td[data-column=''] { grid-template-columns: 1fr; }
  td:has(> div:empty) { display: none; }
  td:not([data-column=''])::before { content: attr(data-column); color: var(--soft); font-size: 0.83rem; }
  main.wide button { min-height: 2.75rem; }
  main.wide .switch { min-height: 2.5rem; }
}
@media (prefers-reduced-motion: no-preference) { .report { animation: rise 0.15s ease-out; } }
@keyframes rise { from { transform: translateY(0.5rem); opacity: 0; } }
`;
