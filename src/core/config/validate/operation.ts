import { isDeepStrictEqual } from 'node:util'
import type { Finding } from '../finding.ts'
import { CURRENT_VERSION } from '../migrations/index.ts'
import { formatPath, getPath, isTree, type Path } from '../path.ts'
import { at, isWritten, type Rule, type Subject } from './rule.ts'

function older({ sourceVersion }: Subject): readonly Finding[] {
  if (sourceVersion === CURRENT_VERSION) return []
  return [
    at(
      'version',
      `is ${sourceVersion}: the file is read as ${CURRENT_VERSION}`,
      'It works as it is. The next command that writes the file migrates it, with a backup before.',
    ),
  ]
}

const isTrue = (value: unknown) => value === true || (typeof value === 'string' && /^(?:true|1|yes|on)$/i.test(value))

function debugging({ config, environment }: Subject): readonly Finding[] {
  if (environment !== 'production') return []
  const tables: readonly Path[] = [['parameters'], ['variables'], ['docker', 'environmentOverrides']]
  return tables.flatMap((table) => {
    const values = getPath(config, table)
    return Object.entries(isTree(values) ? values : {})
      .filter(([name, value]) => /(?:^|_)DEBUG$/i.test(name) && isTrue(value))
      .map(([name]) =>
        at(formatPath([...table, name]), 'is on in production', 'Remove it: errors would show what the program holds.'),
      )
  })
}

function updateWithoutBackup({ config: { updates } }: Subject): readonly Finding[] {
  if (updates?.autoUpdate !== true || updates.autoBackup !== false) return []
  return [at('updates.autoUpdate', 'updates without a backup before', 'Set updates.autoBackup to true.')]
}

function manifestWithoutKey({ config: { updates } }: Subject): readonly Finding[] {
  if (updates?.manifest === undefined || updates.manifestKey !== undefined) return []
  return [
    at(
      'updates.manifest',
      'has no key: nothing of it could be trusted, and no update is found',
      'Set updates.manifestKey to the minisign key of whoever publishes it.',
    ),
  ]
}

/** Sections that something else in the config switches off. */
function unused(subject: Subject): readonly Finding[] {
  const { auth, ssl } = subject.config
  const mode = auth?.mode ?? 'local'
  const sections = [
    { path: 'auth.ldap', used: mode === 'ldap', why: `auth.mode is ${mode}` },
    { path: 'auth.oauth', used: mode === 'oauth', why: `auth.mode is ${mode}` },
    { path: 'ssl.certPath', used: ssl?.enabled !== false, why: 'ssl.enabled is false' },
    { path: 'ssl.letsEncrypt', used: ssl?.enabled !== false, why: 'ssl.enabled is false' },
  ]
  return sections
    .filter(({ path, used }) => !used && isWritten(subject, path))
    .map(({ path, why }) => at(path, `has no effect: ${why}`, 'Remove it, or keep it for later.'))
}

/** An overlay that repeats what holds without it; when the file changes later the overlay no longer follows. */
function repeated({ file, environment }: Subject): readonly Finding[] {
  const overlay = getPath(file, ['environments', environment])
  return leaves(overlay, []).flatMap(({ path, value }) => {
    if (!isDeepStrictEqual(getPath(file, path), value)) return []
    const place = formatPath(['environments', environment, ...path])
    return [at(place, `says the same as ${formatPath(path)}`, 'Remove one of them.')]
  })
}

function leaves(tree: unknown, path: Path): readonly { readonly path: Path; readonly value: unknown }[] {
  if (!isTree(tree)) return tree === undefined ? [] : [{ path, value: tree }]
  return Object.entries(tree).flatMap(([key, value]) => leaves(value, [...path, key]))
}

export const operationRules: readonly Rule[] = [
  {
    id: 'version-older',
    severity: 'info',
    about: 'The file is of an earlier version; it will be migrated.',
    check: older,
  },
  {
    id: 'debug-in-production',
    severity: 'warning',
    about: 'Debugging is switched on in production.',
    check: debugging,
  },
  {
    id: 'update-without-backup',
    severity: 'warning',
    about: '`updates.autoUpdate` is on and `updates.autoBackup` is off.',
    check: updateWithoutBackup,
  },
  {
    id: 'manifest-without-key',
    severity: 'error',
    about: '`updates.manifest` is set, and `updates.manifestKey` is not.',
    check: manifestWithoutKey,
  },
  {
    id: 'section-unused',
    severity: 'info',
    about: 'A section has no effect, because another setting switches it off.',
    check: unused,
  },
  {
    id: 'overlay-repeats',
    severity: 'info',
    about: 'An environment says the same as the file says for all of them.',
    check: repeated,
  },
]
