import type { Protocol } from 'rankscope';

/** The protocols that the experiments compare: the paper's, as far as it is known, and what everyday work would have. */
export const protocols: Readonly<Record<'paper' | 'standard', Partial<Protocol>>> = {
  // the defaults: they are the choices that come closest to the published curves
  paper: {},
  // standard normal inputs, and normalization by the batch's own statistics
  standard: { inputs: 'normal', normalization: 'batch' },
};

export type ProtocolName = keyof typeof protocols;
export const protocolNames = Object.keys(protocols) as ProtocolName[];
