/** Who may import whom: the third column of the folder table in docs/ARCHITECTURE.md. */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: { pathNot: '^web/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'contracts-stand-alone',
      severity: 'error',
      from: { path: '^contracts/' },
      to: { path: '^(api|web|engine-adapters|workflows)/' },
    },
    {
      name: 'port-stands-alone',
      severity: 'error',
      from: { path: '^engine-adapters/port/' },
      to: { path: '^(api|web|engine-adapters/(?!port))' },
    },
    {
      name: 'adapter-knows-the-port',
      severity: 'error',
      from: { path: '^engine-adapters/(camunda7|conformance)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(api|web)/' },
    },
    {
      name: 'only-main-knows-the-adapter',
      severity: 'error',
      from: { path: '^api/src/', pathNot: '^api/src/(main|commands)/|\\.test\\.ts$|/testing(/|\\.ts$)' },
      to: { path: '^engine-adapters/(?!port/)' },
    },
    {
      name: 'web-knows-contracts',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^(api|engine-adapters|workflows)/' },
    },
    {
      name: 'area-through-its-door',
      severity: 'error',
      from: { path: '^api/src/([^/]+)/', pathNot: '\\.test\\.ts$|/testing(/|\\.ts$)|/seeded\\.ts$' },
      to: { path: '^api/src/(?!main|commands|workers)[^/]+/', pathNot: ['^api/src/$1/', '^api/src/[^/]+/index\\.ts$'] },
    },
    {
      name: 'areas-dont-know-main',
      severity: 'error',
      from: { path: '^api/src/(?!main|commands)[^/]+/', pathNot: '\\.test\\.ts$|/testing(/|\\.ts$)' },
      to: { path: '^api/src/(main|commands)/' },
    },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
    tsConfig: { fileName: 'tsconfig.json' },
    exclude: { path: 'node_modules|\\.data|dist' },
    doNotFollow: { path: 'node_modules' },
  },
};
