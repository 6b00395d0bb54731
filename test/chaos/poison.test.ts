import { chaos } from './support/chaos-test.js';

chaos('poison', { events: 41, kills: 3, dead: 1 });
