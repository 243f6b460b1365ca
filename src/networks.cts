/** The public names for `require('rankscope/networks')`: those of the ES module. */
export * from './networks.js';
