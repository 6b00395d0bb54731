import { describe } from 'vitest';
import { bodies } from './behaviours/bodies.js';
import { deliveries } from './behaviours/deliveries.js';
import { handlers } from './behaviours/handlers.js';
import { methods } from './behaviours/methods.js';
import { mounting } from './behaviours/mounting.js';
import { parsers } from './behaviours/parsers.js';
import { returnPages } from './behaviours/return-pages.js';
import { signatures } from './behaviours/signatures.js';
import { troubledReturns } from './behaviours/troubled-returns.js';
import { stopping } from './behaviours/stopping.js';
import { subjectOf } from './support/receivers.js';
import { targets } from './support/targets.js';

// One list of behaviours, the same for every way to mount the kit.
describe.each(targets)('%s', (target) => {
  const subject = subjectOf(target);
  describe('deliveries', () => {
    deliveries(subject);
  });
  describe('signatures', () => {
    signatures(subject);
  });
  describe('bodies', () => {
    bodies(subject);
  });
  describe('methods and paths', () => {
    methods(subject);
  });
  describe('handlers that go wrong', () => {
    handlers(subject);
  });
  describe('body parsers in front', () => {
    parsers(subject);
  });
  describe('mounting', () => {
    mounting(subject);
  });
  describe('return pages', () => {
    returnPages(subject);
  });
  describe('return pages in trouble', () => {
    troubledReturns(subject);
  });
  describe('stopping', () => {
    stopping(subject);
  });
});
