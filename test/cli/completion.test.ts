import { execFileSync, spawnSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Candidate, complete, FILES } from '../../src/ui/cli/completion/complete.ts'
import { completionScript, SHELLS, type ShellName } from '../../src/ui/cli/completion/scripts.ts'
import { diskValues } from '../../src/ui/cli/completion/values.ts'
import type { FlagFacts, Manifest } from '../../src/ui/cli/manifest.ts'
import { LAUNCHER } from './run-cli.ts'
import { aFolder } from './temporary.ts'

const option = (name: string, more: Partial<FlagFacts> = {}): FlagFacts => ({ name, type: 'option', ...more })
const MANIFEST: Manifest = {
  version: '0',
  commands: {
    status: {
      id: 'status',
      summary: 'Show what runs',
      flags: {
        instance: option('instance', { char: 'i' }),
        file: option('file', { helpValue: 'FILE' }),
        output: option('output', { options: ['wide', 'short'] }),
        json: { name: 'json', type: 'boolean' },
      },
      args: {},
    },
    stop: { id: 'stop', summary: 'Stop', flags: {}, args: { service: { name: 'service', multiple: true } } },
    'config:show': { id: 'config:show', summary: 'Show the configuration', flags: {}, args: {} },
    secretly: { id: 'secretly', hidden: true, flags: {}, args: {} },
  },
}
const VALUES = { instance: ['lab', 'prod'], service: ['api', 'web'], template: ['demo'] }

async function candidates(...words: string[]): Promise<string[]> {
  const found: Candidate[] = await complete(words, MANIFEST, async (kind) => VALUES[kind])
  return found.map(({ value }) => value)
}

describe('candidates', () => {
  it('are commands and topics, not the hidden ones', async () => {
    expect(await candidates('')).toEqual(['status', 'stop', 'config'])
    expect(await candidates('st')).toEqual(['status', 'stop'])
    expect(await candidates('config', '')).toEqual(['show'])
  })

  it('are the flags of the command, each once', async () => {
    expect(await candidates('status', '--')).toEqual(['--instance', '--file', '--output', '--json'])
    expect(await candidates('status', '-i', 'lab', '--json', '--')).toEqual(['--file', '--output'])
  })

  it('are the values of a flag, in both ways of writing it', async () => {
    expect(await candidates('status', '--output', '')).toEqual(['wide', 'short'])
    expect(await candidates('status', '--output=w')).toEqual(['--output=wide'])
    expect(await candidates('status', '-i', 'p')).toEqual(['prod'])
    expect(await candidates('-i', 'lab', 'sta')).toEqual(['status'])
  })

  it('are services, each once', async () => {
    expect(await candidates('stop', '')).toEqual(['api', 'web'])
    expect(await candidates('stop', 'web', '')).toEqual(['api'])
  })

  it('are files where a file is asked for, and nothing after --', async () => {
    expect(await candidates('status', '--file', 'dep')).toEqual([FILES])
    expect(await candidates('stop', '--', '')).toEqual([])
  })
})

/** A home with two instances, one of them deployed. */
function aHome(): string {
  return aFolder({
    'instances/lab/deployment-config.yml': 'version: 3.0.0\n',
    'instances/lab/docker-compose.yml': 'services:\n  api: {}\n  web: {}\n',
    'instances/prod/deployment-config.yml': 'version: 3.0.0\n',
  })
}

describe('names from the disk', () => {
  it('are instances, services of the chosen instance, templates', async () => {
    const values = diskValues(aHome(), join(import.meta.dirname, '..', '..', 'templates'))
    expect(await values('instance', [])).toEqual(['lab', 'prod'])
    expect(await values('service', ['stop', '-i', 'lab'])).toEqual(['api', 'web'])
    expect(await values('service', ['stop', '--instance=prod'])).toEqual([])
    expect(await values('template', [])).toContain('demo')
  })

  it('are none where nothing can be read', async () => {
    expect(await diskValues('/no/such/home', '/no/such/templates')('template', [])).toEqual([])
  })
})

/** How each shell is asked for its candidates without a person at the keyboard. */
const ASK: { readonly [shell in ShellName]: (script: string, line: string) => readonly string[] } = {
  bash: (script, line) => [
    '-c',
    `source '${script}'
     COMP_LINE=$1 COMP_POINT=\${#1}
     IFS=' ' read -ra COMP_WORDS <<< "\${1//=/ = }"
     if [[ $1 == *' ' ]]; then COMP_WORDS+=(""); fi
     COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
     _ddalab; printf '%s\\n' "\${COMPREPLY[@]}"`,
    'bash',
    line,
  ],
  zsh: (script, line) => [
    '-f',
    '-c',
    `compdef() { : }; _describe() { print -rl -- "\${(@P)2}" }
     source '${script}'
     words=("\${(@s: :)1}"); CURRENT=\${#words}
     _ddalab`,
    'zsh',
    line,
  ],
  fish: (script, line) => ['-c', `source '${script}'; complete -C $argv[1]`, line],
}

describe.each(SHELLS)('the script for %s', (shell) => {
  const isInstalled = spawnSync(shell, ['--version']).status === 0
  const place = aFolder({ script: completionScript(shell) })
  const home = aHome()
  const script = join(place, 'script')
  symlinkSync(LAUNCHER, join(place, 'ddalab'))

  const ask = (line: string): string[] =>
    execFileSync(shell, ASK[shell](script, line), {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${place}:${process.env.PATH}`, HOME: place, DDALAB_HOME: home },
    })
      .trim()
      .split('\n')
      .map((line) => line.split(/[\t]|(?<=[a-z]):/, 1)[0] ?? '')

  it.runIf(isInstalled)('completes commands', () => {
    expect(ask('ddalab vers')).toEqual(['version'])
    expect(ask('ddalab ')).toEqual(expect.arrayContaining(['completion', 'help', 'version']))
  })

  it.runIf(isInstalled)('completes flags and the values of arguments', () => {
    expect(ask('ddalab version --js')).toEqual(['--json'])
    expect(ask('ddalab completion ')).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish']))
  })

  it.runIf(isInstalled)('has no errors of its own', () => {
    const checked = spawnSync(shell, ['-n', script], { encoding: 'utf8' })
    expect({ status: checked.status, stderr: checked.stderr }).toEqual({ status: 0, stderr: '' })
  })
})

describe('the launcher', () => {
  it('starts through symbolic links, also relative ones', () => {
    const place = aFolder()
    symlinkSync(LAUNCHER, join(place, 'first'))
    symlinkSync('first', join(place, 'second'))
    expect(execFileSync(join(place, 'second'), ['version'], { encoding: 'utf8' })).toMatch(/^ddalab \d/)
  })
})
