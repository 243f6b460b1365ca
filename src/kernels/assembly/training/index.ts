/** Everything the compiled training module exports. */
export { addPositions, shortcutForward } from './add';
export { copyRows } from './copy-rows';
export { depthwiseBackward, depthwiseForward } from './depthwise';
export { gradientPositions, sumGradients } from './gradient';
export { packTransposed, packWeights } from './panels';
export { poolBackward, poolForward } from './pool';
export { productBackward, productForward } from './product';
export { readPositions } from './read';
export { scaleBackward, scaleForward } from './scale';
export { descend, descendAdam, follow } from './update';
export { windowBackward, windowForward } from './window';
