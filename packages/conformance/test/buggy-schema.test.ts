import {
  countsDeliveriesAsVersions,
  countsVersionsFromNought,
  makesWhatItLooksAt,
  remembersTheFirstLook,
} from './buggy-schema.js';
import { narrowBugs } from './support/bug-tests.js';

const BEFORE = 'schema: before init it looks, and makes nothing';
const AFTER = 'schema: the current version after init, which deliveries do not change';

narrowBugs([
  [makesWhatItLooksAt, [BEFORE]],
  [remembersTheFirstLook, [BEFORE]],
  [countsDeliveriesAsVersions, [AFTER]],
  [countsVersionsFromNought, [BEFORE, AFTER]],
]);
