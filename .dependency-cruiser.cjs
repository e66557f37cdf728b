/** The import rules of the house: who may know whom. Run by `npm run check`. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^src/', pathNot: [from, ...allowed] },
})

const ERRORS = '^src/core/errors\\.ts$'
const REDACT = '^src/core/redact\\.ts$'
const FILES = '^src/core/(files|file-errors)\\.ts$'

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle has no first page to read.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'core-knows-no-face',
      comment: 'commands and ui import core, never the other way.',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { path: '^src/(commands|ui)/' },
    },
    {
      name: 'ui-knows-no-commands',
      severity: 'error',
      from: { path: '^src/ui/' },
      to: { path: '^src/commands/' },
    },
    only(
      'kernel-knows-nothing',
      '^src/core/kernel/',
      [ERRORS],
      'The kernel knows operations, no Docker, no files, no HTTP.',
    ),
    {
      name: 'kernel-touches-nothing',
      severity: 'error',
      from: { path: '^src/core/kernel/' },
      to: { dependencyTypes: ['npm', 'core'], pathNot: ['^(node:)?crypto$'] },
    },
    only('config-knows-no-provider', '^src/core/config/', [ERRORS, REDACT, FILES], 'config does not know providers.'),
    only(
      'stack-knows-no-provider',
      '^src/core/stack/',
      [ERRORS, REDACT, FILES, '^src/core/config/'],
      'stack does not know providers.',
    ),
    only(
      'import-knows-config-and-stack',
      '^src/core/import/',
      [ERRORS, '^src/core/config/', '^src/core/stack/'],
      'Reading existing installations is pure: no engine, no files.',
    ),
    only(
      'provider-knows-kernel-and-stack',
      '^src/core/providers/',
      [ERRORS, REDACT, FILES, '^src/core/kernel/', '^src/core/stack/', '^src/core/health/'],
      'A provider knows the kernel and the stack only (and the waiting vocabulary of health).',
    ),
    {
      name: 'no-orphans',
      comment: 'What nobody imports is not needed.',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: ['^src/commands/', '^src/main\\.ts$'] },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.json'], exportsFields: ['exports'] },
  },
}
