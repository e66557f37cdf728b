import { describe, expect, it } from 'vitest'
import { installHint, type SystemFacts } from '../../../src/core/providers/docker/client/index.ts'

const debian: SystemFacts = {
  platform: 'linux',
  distribution: 'debian',
  installed: false,
  systemd: true,
  rootless: false,
  wsl: false,
}
const commands = (facts: Partial<SystemFacts>) => installHint({ ...debian, ...facts }).commands

describe('how to get Docker running here', () => {
  it('is one command of the distribution, then the start, then the group', () => {
    expect(commands({})).toEqual([
      'sudo apt-get update && sudo apt-get install -y docker.io',
      'sudo systemctl enable --now docker',
      'sudo usermod -aG docker $USER',
    ])
    expect(commands({ distribution: 'linuxmint ubuntu debian', systemd: false })).toHaveLength(2)
    expect(commands({ distribution: 'fedora' })[0]).toContain('dnf install')
  })

  it('is a link where we do not know the distribution', () => {
    expect(installHint({ ...debian, distribution: 'plan9' })).toMatchObject({
      commands: [],
      link: 'https://docs.docker.com/engine/install/',
    })
  })

  it('is Docker Desktop elsewhere', () => {
    expect(commands({ platform: 'darwin' })).toContain('brew install --cask docker')
    expect(commands({ platform: 'win32' })).toContain('winget install Docker.DockerDesktop')
    expect(installHint({ ...debian, wsl: true }).summary).toContain('WSL')
  })

  it('is only the start when it is installed', () => {
    const start = (facts: Partial<SystemFacts>) => commands({ ...facts, installed: true })[0]
    expect(start({})).toBe('sudo systemctl enable --now docker')
    expect(start({ rootless: true })).toBe('systemctl --user enable --now docker')
    expect(start({ systemd: false })).toContain('dockerd')
    expect(start({ platform: 'darwin' })).toBe('open -a Docker')
    expect(start({ platform: 'win32' })).toContain('Docker Desktop.exe')
  })
})
