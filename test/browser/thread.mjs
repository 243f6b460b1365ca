// A worker thread of Node: what the probe makes of the matrices it is started with.
import { parentPort, workerData } from 'node:worker_threads';
import { probe } from './probe.mjs';

parentPort.postMessage(await probe(workerData));
