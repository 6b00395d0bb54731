import { chaos } from './support/chaos-test.js';

chaos('SIGTERM', { events: 100, dead: 0, left: 0 });
