import { chaos } from './support/chaos-test.js';

chaos('server stop', { events: 150, kills: 0, dead: 0, left: 0 });
chaos('server stop, completeWithin', { events: 150, kills: 0, dead: 0, left: 0 });
