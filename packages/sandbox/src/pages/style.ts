/** The one stylesheet of the sandbox's pages. */
export const STYLE = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); --brand: #2f5bea; }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 26rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
main.wide { max-width: 68rem; }
h1 { font-size: 1.4rem; margin: 0.5rem 0; }
h2 { font-size: 1.1rem; margin: 2rem 0 0.5rem; }
.card { border: 1px solid var(--line); border-radius: 0.75rem; padding: 1.25rem; }
.price { font-size: 2rem; font-weight: 650; margin: 0.25rem 0 1rem; }
.small { opacity: 0.7; font-size: 0.85rem; overflow-wrap: anywhere; }
.notice { border-left: 4px solid var(--brand); padding: 0.5rem 0.75rem; margin: 1rem 0; }
.bad { border-color: #d33; }
.good { border-color: #1a8f4c; }
form { margin: 0.5rem 0 0; }
button { font: inherit; width: 100%; padding: 0.7rem 1rem; border-radius: 0.5rem; border: 1px solid var(--line);
  background: transparent; color: inherit; cursor: pointer; }
button.first { background: var(--brand); border-color: var(--brand); color: #fff; font-weight: 600; }
td button { width: auto; padding: 0.2rem 0.6rem; }
td form { margin: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
th, td { text-align: left; padding: 0.4rem 0.6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
`;
