import { chaos } from './support/chaos-test.js';

chaos('overslept lease', { events: 1, left: 0 });
