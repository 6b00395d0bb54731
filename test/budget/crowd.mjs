// Sends as many events as it is told over 32 connections at once, in a thread of its own, whose objects are none of the shop's.
import { parentPort, workerData } from 'node:worker_threads';
import { load, mustAnswer } from '../performance/lib/load.mjs';
import { senders } from '../performance/lib/senders.mjs';

const CONNECTIONS = 32;

async function send(count) {
  const requests = Array.from({ length: count }, () => senders.qbitflow.make(false));
  const { port } = workerData;
  mustAnswer(200, 'the shop', await load({ port, requests, connections: CONNECTIONS }));
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's
  parentPort.postMessage([]);
}

parentPort.on('message', (count) => void send(count));
