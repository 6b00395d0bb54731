import { chaos } from './support/chaos-test.js';

chaos('disk full', { events: 60, dead: 0, left: 0 });
chaos('read-only file', { events: 60, dead: 0, left: 0 });
