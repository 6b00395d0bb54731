// Every scene of the benchmark, in the order in which the page tells them.
import { hosts } from './hosts.mjs';
import { stores } from './stores.mjs';

export const scenes = [hosts, stores];
