import { qbitflowRouter } from '@qbitflow/express';
import express from 'express';

/** An app whose body parser stands before the kit's routes, below /qbitflow. */
export function appWithParser(kit) {
  return express().use(express.json()).use('/qbitflow', qbitflowRouter(kit));
}

/** An app in which nothing is mounted. */
export const emptyApp = () => express();
