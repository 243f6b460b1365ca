/** The public names for `require('rankscope/figures')`: those of the ES module. */
export * from './figures.js';
