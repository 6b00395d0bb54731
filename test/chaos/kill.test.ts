import { chaos } from './support/chaos-test.js';

chaos('kill', { events: 300, kills: 5, dead: 0, left: 0 });
chaos('kill, completeWithin', { events: 300, kills: 5, dead: 0, left: 0 });
