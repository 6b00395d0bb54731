import { chaos } from './support/chaos-test.js';

chaos('memory', {});
