// Every scene of the benchmark, in the order in which the page tells them.
import { attacks } from './attacks.mjs';
import { growth } from './growth.mjs';
import { hosts } from './hosts.mjs';
import { imports } from './import.mjs';
import { latency } from './latency.mjs';
import { recovery } from './recovery.mjs';
import { stores } from './stores.mjs';
import { streams } from './streams.mjs';

export const scenes = [hosts, stores, latency, growth, imports, streams, recovery, attacks];
