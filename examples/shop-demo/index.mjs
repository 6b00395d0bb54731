export { runDemo, startDemo } from './run-demo.mjs';
export { shopPage } from './shop-page.mjs';
