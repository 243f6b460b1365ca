// A worker of a page: answers every list of matrices with what the probe makes of it.
import { probe } from './probe.mjs';

globalThis.onmessage = async ({ data }) => globalThis.postMessage(await probe(data));
