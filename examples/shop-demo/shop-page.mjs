/** The shop's front page: one button, and what became of the orders. */
export function shopPage({ title, orders }) {
  const rows = orders.map(
    ({ reference, product, fulfilled }) =>
      `<li><code>${reference}</code> ${product}: ${fulfilled > 0 ? 'paid and shipped' : 'waiting for payment'}</li>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>
  body { font: 1rem/1.5 system-ui; max-width: 40rem; margin: 3rem auto; padding: 0 1rem; color-scheme: light dark }
  button { font: inherit; padding: .5rem 1.5rem }
  ul { padding: 0; list-style: none; overflow-wrap: anywhere }
</style>
<h1>${title}</h1>
<p>A packet of tea, 4.50 USD.</p>
<form method="post" action="/buy"><button>Buy</button></form>
<h2>Orders</h2>
<ul>${rows.join('') || '<li>none yet</li>'}</ul>
</html>`;
}
