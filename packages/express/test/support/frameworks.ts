import express5 from 'express';
import express4 from 'express4';
import express417 from 'express417';

/** Every framework version this package works with. */
export const frameworks = [
  ['Express 5', express5],
  ['Express 4', express4],
  ['Express 4.17', express417],
] as const;
