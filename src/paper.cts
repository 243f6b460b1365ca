/** The public names for `require('rankscope/paper')`: those of the ES module. */
export * from './paper.js';
