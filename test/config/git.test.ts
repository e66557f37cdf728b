import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ConfigCommit, commitConfig, initRepository } from '../../src/core/config/git/index.ts'
import { sha256 } from '../../src/core/config/history/index.ts'
import { newDirectory } from '../state/places.ts'

const OURS = { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '', HOME: '', LC_ALL: 'C' }
const former = { ...process.env }
let settings: string
beforeEach(() => {
  const home = newDirectory()
  settings = join(home, 'gitconfig')
  writeFileSync(settings, '[user]\n\tname = Ada\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n')
  Object.assign(process.env, OURS, { GIT_CONFIG_GLOBAL: settings, HOME: home })
})
afterEach(() => {
  for (const name of Object.keys(process.env)) if (former[name] === undefined) delete process.env[name]
  Object.assign(process.env, former)
})

const plain = () => Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^GIT_(?!CONFIG_)/.test(name)))
const git = (directory: string, ...args: string[]) =>
  execFileSync('git', args, {
    cwd: directory,
    env: plain(),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim()

const facts = (file: string, more: Partial<ConfigCommit> = {}): ConfigCommit => ({
  changes: ['api.port'],
  kind: 'change',
  reason: null,
  command: 'ddalab config set api.port=8002 -i lab',
  by: 'bob@lab',
  number: 7,
  sha256: sha256(readFileSync(file)),
  plainSecrets: false,
  ...more,
})

/** A repository with a commit, and a config in it that git knows. */
function repository(name = 'deployment-config.yml', directory = newDirectory()) {
  const file = join(directory, name)
  git(directory, 'init')
  writeFileSync(file, 'port: 1\n')
  git(directory, 'add', '.')
  git(directory, 'commit', '-m', 'first')
  const write = (text: string) => writeFileSync(file, text)
  const commit = (more?: Partial<ConfigCommit>) => commitConfig(file, facts(file, more))
  const files = () => git(directory, 'show', '--name-only', '--format=', 'HEAD').split('\n')
  const count = () => Number(git(directory, 'rev-list', '--count', 'HEAD'))
  return { directory, file, write, commit, files, count, git: (...args: string[]) => git(directory, ...args) }
}

describe('a change of a config that is in git', () => {
  it('is one commit: what changed, why, by which command and by whom, and no value', async () => {
    const { write, commit, files, count, git } = repository()
    write('port: 8002\n')
    expect(await commit({ reason: 'the port was taken' })).toEqual({
      outcome: 'committed',
      commit: git('rev-parse', '--short', 'HEAD'),
    })
    expect(git('log', '-1', '--format=%B')).toBe(
      'config: api.port\n\nthe port was taken\n\nCommand: ddalab config set\nBy: bob@lab\nHistory: #7',
    )
    expect(git('log', '-1', '--format=%an <%ae>')).toBe('Ada <ada@example.org>')
    expect(files()).toEqual(['deployment-config.yml'])
    expect([count(), git('status', '--porcelain')]).toEqual([2, ''])
  })

  it('has a first line that fits, whatever changed', async () => {
    const { write, commit, git } = repository()
    for (const [changes, line] of [
      [
        Array.from({ length: 30 }, (_, index) => `section.setting${index}`),
        /^config: section\.setting0.* and \d+ more$/,
      ],
      [['x'.repeat(100)], /^config: 1 setting$/],
      [['"a\nb"'], /^config: "a b"$/],
      [[], /^config: no setting, only the text$/],
    ] as const) {
      write(`${line}\n`)
      await commit({ changes })
      expect(git('log', '-1', '--format=%s')).toMatch(line)
      expect(git('log', '-1', '--format=%s').length).toBeLessThanOrEqual(72)
    }
  })

  it('leaves alone what others have staged, changed and not added', async () => {
    const { directory, write, commit, files, git } = repository()
    writeFileSync(join(directory, 'staged'), 'x')
    git('add', 'staged')
    writeFileSync(join(directory, 'unknown'), 'x')
    write('port: 2\n')
    git('add', 'deployment-config.yml')
    write('port: 3\n')
    expect(await commit()).toMatchObject({ outcome: 'committed' })
    expect(files()).toEqual(['deployment-config.yml'])
    expect(git('show', 'HEAD:deployment-config.yml')).toBe('port: 3')
    expect(git('status', '--porcelain').split('\n')).toEqual(['A  staged', '?? unknown'])
  })

  it('takes in the schema file beside it while git does not know that', async () => {
    const { directory, write, commit, files, git } = repository()
    writeFileSync(join(directory, 'deployment-config.schema.json'), '{}')
    write('port: 2\n')
    await commit()
    expect(files()).toEqual(['deployment-config.schema.json', 'deployment-config.yml'])
    writeFileSync(join(directory, 'deployment-config.schema.json'), '{"a":1}')
    write('port: 3\n')
    await commit()
    expect(files()).toEqual(['deployment-config.yml'])
    expect(git('status', '--porcelain')).toBe('M deployment-config.schema.json')
  })

  it.each(['with space.yml', 'Grüße 世界.yml', ':(glob)*.yml', '-m.yml'])('works with the name "%s"', async (name) => {
    if (process.platform === 'win32' && /[:*]/.test(name)) return
    const directory = join(newDirectory(), 'a place/世界')
    mkdirSync(directory, { recursive: true })
    const { write, commit, git } = repository(name, directory)
    write('port: 2\n')
    expect(await commit()).toMatchObject({ outcome: 'committed' })
    expect(git('status', '--porcelain')).toBe('')
  })

  it('that git does not know yet, in a repository without a commit, is its first one', async () => {
    const directory = newDirectory()
    git(directory, 'init')
    const file = join(directory, 'config.yml')
    writeFileSync(file, 'port: 1\n')
    expect(await commitConfig(file, facts(file))).toMatchObject({ outcome: 'committed' })
    expect(git(directory, 'show', 'HEAD:config.yml')).toBe('port: 1')
  })

  it('through a symbolic link is committed where the file is', async () => {
    if (process.platform === 'win32') return
    const { file, write, count } = repository()
    const link = join(newDirectory(), 'link.yml')
    symlinkSync(file, link)
    write('port: 2\n')
    expect(await commitConfig(link, facts(link))).toMatchObject({ outcome: 'committed' })
    expect(count()).toBe(2)
  })

  it('in a linked work tree is committed there', async () => {
    const { git: main } = repository()
    const tree = join(newDirectory(), 'tree')
    main('worktree', 'add', '-b', 'other', tree)
    const file = join(tree, 'deployment-config.yml')
    writeFileSync(file, 'port: 2\n')
    expect(await commitConfig(file, facts(file))).toMatchObject({ outcome: 'committed' })
    expect([main('show', 'other:deployment-config.yml'), main('show', 'main:deployment-config.yml')]).toEqual([
      'port: 2',
      'port: 1',
    ])
  })

  it.each(['true', 'input', 'false'])('keeps its line ends on disk with core.autocrlf=%s', async (value) => {
    const { file, write, commit, git } = repository()
    git('config', 'core.autocrlf', value)
    git('config', 'core.safecrlf', 'true')
    const text = 'port: 2\r\nhost: x\r\nmixed: y\n'
    write(text)
    expect(await commit()).toMatchObject({ outcome: 'committed' })
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  it('without an identity in the settings of git is by the user at this machine, for this commit only', async () => {
    const { write, commit, git } = repository()
    writeFileSync(settings, '')
    write('port: 2\n')
    await commit()
    expect(git('log', '-1', '--format=%an <%ae> %cn <%ce>')).toBe('bob <bob@lab> bob <bob@lab>')
    writeFileSync(settings, '[user]\n\tname = Ada\n')
    write('port: 3\n')
    await commit()
    expect(git('log', '-1', '--format=%an <%ae>')).toBe('Ada <bob@lab>')
    expect(git('config', '--list')).not.toContain('bob')
  })

  it('is not led elsewhere by the environment, as a hook of another repository has it', async () => {
    const other = repository()
    const { directory, write, commit, count } = repository()
    Object.assign(process.env, {
      GIT_DIR: join(other.directory, '.git'),
      GIT_WORK_TREE: other.directory,
      GIT_INDEX_FILE: join(directory, 'elsewhere'),
      GIT_PREFIX: 'x/',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'core.worktree',
      GIT_CONFIG_VALUE_0: other.directory,
      GIT_AUTHOR_NAME: 'Eve',
    })
    write('port: 2\n')
    expect(await commit()).toMatchObject({ outcome: 'committed' })
    expect([count(), other.count()]).toEqual([2, 1])
    expect(git(directory, 'log', '-1', '--format=%an')).toBe('Eve')
  })
})

describe('nothing is committed', () => {
  it('where there is no repository, or nothing new', async () => {
    const file = join(newDirectory(), 'config.yml')
    writeFileSync(file, 'port: 1\n')
    expect(await commitConfig(file, facts(file))).toEqual({ outcome: 'no-repository' })
    expect(await repository().commit()).toEqual({ outcome: 'unchanged' })
  })

  const refusals: readonly (readonly [
    string,
    (repository: ReturnType<typeof repositoryWithChange>) => Partial<ConfigCommit> | undefined,
    RegExp,
  ])[] = [
    ['a secret is in plain text', () => ({ plainSecrets: true }), /secret in plain text/],
    ['the file is not what was written', () => ({ sha256: '0'.repeat(64) }), /changed the file meanwhile/],
    [
      'a merge is under way',
      ({ git, directory }) => void writeFileSync(join(directory, '.git/MERGE_HEAD'), git('rev-parse', 'HEAD')),
      /a merge is under way/,
    ],
    [
      'a rebase is under way',
      ({ directory }) => void mkdirSync(join(directory, '.git/rebase-merge')),
      /a rebase is under way/,
    ],
    ['no branch is checked out', ({ git }) => void git('checkout', '--detach'), /no branch is checked out/],
    [
      'another git works there',
      ({ directory }) => void writeFileSync(join(directory, '.git/index.lock'), ''),
      /another git command/,
    ],
    ['the repository is bare', ({ git }) => void git('config', 'core.bare', 'true'), /bare/],
    ['the repository is broken', ({ directory }) => void rmSync(join(directory, '.git/HEAD')), /not a git repository/],
    ['git is not installed', () => void Object.assign(process.env, { PATH: newDirectory() }), /git is not installed/],
  ]
  function repositoryWithChange() {
    const made = repository()
    made.write('port: 2\n')
    return made
  }
  it.each(refusals)('when %s: a warning, and what to do', async (_, prepare, message) => {
    const made = repositoryWithChange()
    const more = prepare(made)
    const outcome = await made.commit(more)
    expect(outcome).toEqual({
      outcome: 'not-committed',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/\w/),
    })
    expect(JSON.stringify(outcome)).toContain('The change was not committed: ')
    expect(readFileSync(made.file, 'utf8')).toBe('port: 2\n')
  })

  it('when git ignores the file; but what it knows it does not ignore', async () => {
    const { directory, write, commit } = repository()
    writeFileSync(join(directory, '.gitignore'), '*.yml\n')
    const ignored = join(directory, 'other.yml')
    writeFileSync(ignored, 'port: 1\n')
    expect(await commitConfig(ignored, facts(ignored))).toMatchObject({ message: expect.stringMatching(/ignores/) })
    write('port: 2\n')
    expect(await commit()).toMatchObject({ outcome: 'committed' })
  })

  it('when a hook refuses: its words are the warning, and git knows no more than before', async () => {
    if (process.platform === 'win32') return
    const { directory, git, write, commit } = repository()
    const hook = join(directory, '.git/hooks/pre-commit')
    mkdirSync(join(directory, '.git/hooks'), { recursive: true })
    writeFileSync(hook, '#!/bin/sh\necho "no commits on Fridays" >&2\nexit 1\n')
    chmodSync(hook, 0o755)
    write('port: 2\n')
    expect(await commit()).toMatchObject({ message: expect.stringMatching(/no commits on Fridays/) })
    const unknown = join(directory, 'other.yml')
    writeFileSync(unknown, 'port: 1\n')
    expect(await commitConfig(unknown, facts(unknown))).toMatchObject({ outcome: 'not-committed' })
    expect(git('status', '--porcelain').split('\n')).toEqual(['M deployment-config.yml', '?? other.yml'])
    writeFileSync(hook, '#!/bin/sh\nexit 3\n')
    expect(await commit()).toMatchObject({ message: expect.stringMatching(/exit code 1/) })
  })
})

describe('a new repository for an instance', () => {
  it('ignores what holds secrets, and has the config as its second commit', async () => {
    const directory = newDirectory()
    const file = join(directory, 'deployment-config.yml')
    writeFileSync(file, 'port: 1\r\n')
    for (const name of ['journal', 'lease', 'releases', 'config-backups', 'ingress']) {
      mkdirSync(join(directory, name))
      writeFileSync(join(directory, name, 'x'), 'secret')
    }
    writeFileSync(join(directory, '.env'), 'secret')
    writeFileSync(join(directory, '.deployment-config.yml.0123.tmp'), 'secret')
    expect(await initRepository(directory, { by: 'bob@lab', command: 'ddalab init --git' })).toMatchObject({
      outcome: 'committed',
    })
    expect(git(directory, 'show', '--name-only', '--format=%s', 'HEAD').split('\n')).toEqual([
      'config in git: .gitignore, .gitattributes',
      '',
      '.gitattributes',
      '.gitignore',
    ])
    expect(git(directory, 'status', '--porcelain', '--untracked-files=all')).toBe('?? deployment-config.yml')
    expect(await commitConfig(file, facts(file, { kind: 'init' }))).toMatchObject({ outcome: 'committed' })
    expect(git(directory, 'ls-files').split('\n')).toEqual(['.gitattributes', '.gitignore', 'deployment-config.yml'])
    // Another machine, with Windows' setting, gets the same bytes.
    const clone = join(newDirectory(), 'clone')
    git(directory, 'clone', '-c', 'core.autocrlf=true', directory, clone)
    expect(readFileSync(join(clone, 'deployment-config.yml'), 'utf8')).toBe('port: 1\r\n')
  })

  it('keeps the lines of a .gitignore that is there', async () => {
    const directory = newDirectory()
    writeFileSync(join(directory, '.gitignore'), 'mine\n/.env')
    await initRepository(directory, { by: 'bob@lab', command: 'ddalab init --git' })
    expect(readFileSync(join(directory, '.gitignore'), 'utf8')).toBe(
      'mine\n/.env\n/journal/\n/lease/\n/releases/\n/config-backups/\n/ingress/\n/updates/\n*.tmp\n',
    )
  })

  it('is not made in another one, nor without git', async () => {
    const { directory } = repository()
    const inside = join(directory, 'inside')
    mkdirSync(inside)
    expect(await initRepository(inside, { by: 'b@l', command: '' })).toEqual({ outcome: 'unchanged' })
    const path = process.env.PATH
    process.env.PATH = newDirectory()
    const outcome = await initRepository(newDirectory(), { by: 'b@l', command: '' })
    process.env.PATH = path
    expect(outcome).toMatchObject({ outcome: 'not-committed', message: expect.stringMatching(/git is not installed/) })
  })
})
