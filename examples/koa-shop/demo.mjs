import { runDemo } from '@qbitflow-example/shop-demo';
import { createShop } from './shop.mjs';

await runDemo(createShop);
