/** The public names for `require('rankscope')`: those of the ES module. */
export * from './index.js';
