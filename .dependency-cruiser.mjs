/**
 * The house has four floors: domain is the ground, queues stand on it, infra on both, and edge and
 * workers are the two wings on top. One rule per arrow that must not exist. Run by `npm run check`.
 */
const compositionRoots =
  '^(edge|workers|workers/(relay|functions))/(main|wiring)\\.ts$|^workers/(lambdas|platform)/';

/** Nothing in `folder` may import a path that matches `target`. */
const forbid = (name, comment, folder, target, except) => ({
  name,
  comment,
  severity: 'error',
  from: { path: folder, pathNot: ['\\.test\\.ts$', ...(except ? [except] : [])] },
  to: target,
});

export default {
  forbidden: [
    forbid(
      'domain-imports-nothing-of-ours',
      'The rules must be readable and testable without any machinery.',
      '^domain/',
      { path: '^(edge|workers|queues|infra|tests|bench|clients)/' },
    ),
    forbid(
      'domain-does-no-io',
      'No clock, no random, no files, no network: same input, same answer.',
      '^domain/',
      { dependencyTypes: ['core'] },
    ),
    forbid(
      'domain-knows-no-machinery',
      'A rule that needs an ORM, a queue or a server to be understood is not a rule.',
      '^domain/',
      { path: 'node_modules/(sequelize|pg|ioredis|bullmq|express|pino|@aws-sdk)/' },
    ),
    forbid(
      'queues-see-only-domain-values',
      'A message is data; if it needs a rule to be understood it is not a message.',
      '^queues/',
      { path: '^(edge|workers|infra|tests|bench|clients)/|^domain/(?!values/)' },
    ),
    forbid(
      'edge-has-no-door-to-workers',
      'The wings meet only in the queue; otherwise a worker bug can take the edge down.',
      '^edge/',
      { path: '^workers/' },
    ),
    forbid('workers-have-no-door-to-edge', 'The same wall from the other side.', '^workers/', {
      path: '^edge/',
    }),
    forbid(
      'infra-does-not-know-the-wings',
      'Adapters satisfy ports; they never call routes or handlers.',
      '^infra/(?!local/)',
      { path: '^(edge|workers|tests|bench|clients)/' },
    ),
    forbid(
      'clients-know-only-the-contract',
      'What runs in a browser may know what the API says, and nothing of what is behind it.',
      '^clients/',
      { path: '^(edge|workers|domain|queues|infra|tests|bench)/' },
    ),
    forbid(
      'wings-reach-infra-only-in-main',
      'Routes and handlers name ports; main.ts alone chooses what stands behind them.',
      '^(edge|workers)/',
      { path: '^infra/' },
      compositionRoots,
    ),
    forbid(
      'product-does-not-import-its-tests',
      'Test builders and peers must not ship.',
      '^(edge|workers|domain|queues|infra)/',
      { path: '^(tests|bench)/' },
    ),
    {
      name: 'orm-stays-in-its-folder',
      comment: 'A Sequelize instance that leaves infra/postgres ties every caller to the ORM.',
      severity: 'error',
      from: { pathNot: '^infra/postgres/|\\.test\\.ts$' },
      to: { path: 'node_modules/(sequelize|umzug)' },
    },
    {
      name: 'no-circles',
      comment: 'In a circle nobody can say what is built on what.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolved',
      comment: 'An import that does not resolve fails at boot, on the customer.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.local/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
