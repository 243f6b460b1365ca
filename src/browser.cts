/** The public names for `require('rankscope/browser')`: those of the ES module. */
export * from './browser.js';
