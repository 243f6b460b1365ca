/** The public names of rankscope/paper: claims and printed results of Han et al. (CVPR 2021), and their figures. */

// values printed in the paper
export { figure1Points, type PublishedPoint } from './published/figure-1.js';
export { publishedNetwork } from './published/published-network.js';
export { table1Networks, type Table1Network } from './published/table-1.js';
export { figure4Points, type Figure4Point } from './published/figure-4.js';
export { table2Networks, type Table2Network } from './published/table-2.js';
export { table3Searches, type Table3Configuration, type Table3Search } from './published/table-3.js';
export { table5Networks, type Table5Network } from './published/table-5.js';
export { figure1Errors, type PanelError } from './published/figure-1-errors.js';
export { figure1Ordering, type OrderingOptions, type PanelOrdering } from './published/figure-1-ordering.js';

// its claims, as contrasts of means
export { estimateContrast, type Contrast, type Estimate, type LayerGroup } from './claims/contrast.js';
export { collectLayers } from './claims/layer-groups.js';
export { claimRatios, paperClaims, type Claim } from './claims/paper-claims.js';
export { testClaims, type ClaimResult, type ClaimSetting, type Verdict } from './claims/test-claims.js';

// figures
export { claimFigure, type ClaimPoint } from './plots/figures/claim-map.js';
export { scalabilityFigure, type ScalabilityPoint } from './plots/figures/scalability.js';
export { scalabilityPoints } from './report/scalability-points.js';
