import js from '@eslint/js';
import importX, { createNodeResolver } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/**
 * The rooms of src/ and what each may import, besides itself and the shared files below. Dependencies run
 * one way (see docs/architecture.md); a room that is not named here may import nothing.
 */
const mayImport = {
  statistics: [],
  kernels: [],
  spectrum: ['kernels'],
  random: ['kernels'],
  rank: ['spectrum'],
  files: ['spectrum'],
  formats: ['files'],
  weights: ['random', 'spectrum', 'rank', 'formats'],
  activations: ['statistics'],
  layers: ['activations', 'kernels', 'random', 'spectrum', 'files'],
  networks: ['activations', 'random', 'layers'],
  models: [
    'activations',
    'statistics',
    'random',
    'spectrum',
    'rank',
    'files',
    'formats',
    'layers',
    'networks',
  ],
  images: ['random', 'files'],
  depth: ['statistics', 'spectrum', 'rank', 'layers', 'networks', 'models', 'images'],
  features: [
    'activations',
    'random',
    'spectrum',
    'rank',
    'files',
    'formats',
    'weights',
    'layers',
    'networks',
    'models',
    'images',
  ],
  'features/inputs': ['formats', 'images'],
  'features/running': ['features/inputs', 'activations', 'files', 'formats', 'layers', 'networks', 'models'],
  'features/sums': ['features/inputs', 'features/running', 'spectrum', 'formats'],
  plan: ['spectrum', 'files', 'formats', 'layers', 'features'],
  training: [
    'activations',
    'kernels',
    'statistics',
    'random',
    'spectrum',
    'rank',
    'files',
    'layers',
    'networks',
    'models',
    'images',
    'depth',
  ],
  designs: ['random', 'networks'],
  search: ['statistics', 'random', 'rank', 'layers', 'networks', 'models', 'depth', 'training', 'designs'],
  study: ['activations', 'statistics', 'random', 'spectrum', 'rank', 'layers'],
  published: ['networks', 'study'],
  theory: ['activations', 'statistics', 'rank', 'layers', 'study'],
  claims: ['statistics', 'layers', 'study', 'theory'],
  store: ['files'],
  runs: [
    'spectrum',
    'rank',
    'files',
    'formats',
    'layers',
    'networks',
    'study',
    'depth',
    'features',
    'plan',
    'training',
    'search',
    'store',
    'weights',
  ],
  plots: [
    'activations',
    'rank',
    'files',
    'layers',
    'study',
    'theory',
    'published',
    'claims',
    'depth',
    'training',
    'search',
    'weights',
  ],
  'plots/render': ['files'],
  'plots/parts': ['plots/render', 'activations', 'rank', 'layers'],
  report: [
    'rank',
    'formats',
    'weights',
    'features',
    'networks',
    'models',
    'depth',
    'study',
    'theory',
    'published',
    'layers',
    'store',
    'runs',
    'search',
    'plots',
  ],
  cli: [
    'random',
    'spectrum',
    'rank',
    'files',
    'formats',
    'layers',
    'networks',
    'models',
    'designs',
    'images',
    'depth',
    'features',
    'plan',
    'training',
    'search',
    'study',
    'theory',
    'store',
    'runs',
    'published',
    'weights',
    'plots',
    'report',
  ],
};

/** Files of src/ itself that any room may import. */
const shared = ['errors.ts', 'lookups.ts', 'near.ts', 'fields.ts', 'package-version.ts', 'schema.ts'];

const zones = Object.entries(mayImport).map(([room, allowed]) => ({
  target: `./src/${room}`,
  from: './src',
  except: [room, ...allowed].map((name) => `./${name}/`).concat(shared.map((name) => `./${name}`)),
  message: `src/${room} may import only: ${[...allowed, ...shared].join(', ')}`,
}));

/** Rooms that must also run in a browser: no Node built-ins, no tensors, no plotting. */
const portable = [
  'src/browser.ts',
  'src/kernels/*.ts',
  'src/statistics/**',
  'src/activations/**',
  'src/random/**',
  'src/spectrum/**',
  'src/rank/**',
  'src/networks/**',
  'src/designs/**',
];

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'runs/',
      'figures/',
      'node_modules/',
      '**/fixtures/**',
      '**/snapshots/**',
      'src/kernels/assembly/',
      '**/*kernels.generated.ts',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    plugins: { 'import-x': importX },
    // imports name what the compiler writes; the rule looks at what is there, and passes over what it does not find
    settings: {
      'import-x/resolver-next': [createNodeResolver({ extensionAlias: { '.js': ['.ts', '.js'] } })],
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: 'error',
    },
  },
  {
    ignores: ['src/store/rows/database.ts', 'eslint.config.mjs'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...['Literal[value=', 'TemplateElement[value.raw='].map((node) => ({
          selector: `${node}/read_parquet|parquet_scan|parquet_metadata|\\bFROM\\s+'/]`,
          message:
            'parquetTable of src/store/rows/database.ts opens Parquet files, by exact paths and without partitions',
        })),
      ],
    },
  },
  {
    files: portable,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(node:|@tensorflow|vega|@duckdb|fs$|path$|os$)',
              message: 'this room runs in a browser',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        console: 'readonly',
        process: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        WebAssembly: 'readonly',
      },
    },
  },
);
