/** What `doctor` knows of this system when no engine answers. */
export interface SystemFacts {
  readonly platform: NodeJS.Platform
  /** `ID` and `ID_LIKE` of /etc/os-release, `debian`, `ubuntu`, `fedora rhel`; empty elsewhere. */
  readonly distribution: string
  /** The engine's program, or the desktop application, is installed. */
  readonly installed: boolean
  readonly systemd: boolean
  /** The engine of this user, not of root, is what is wanted. */
  readonly rootless: boolean
  /** Linux inside of Windows. */
  readonly wsl: boolean
}

export interface InstallHint {
  readonly summary: string
  /** To be typed one after the other; empty where there is nothing to type. */
  readonly commands: readonly string[]
  readonly link?: string
}

/** How to get an engine running here. */
export function installHint(facts: SystemFacts): InstallHint {
  return facts.installed ? startHint(facts) : missingHint(facts)
}

function startHint({ platform, systemd, rootless, wsl }: SystemFacts): InstallHint {
  if (platform === 'darwin') {
    return { summary: 'Docker is installed, but does not run. Start it.', commands: ['open -a Docker'] }
  }
  if (platform === 'win32') {
    const path = '"C:\\Program Files\\Docker\\Docker\\Docker Desktop.exe"'
    return { summary: 'Docker Desktop is installed, but does not run. Start it.', commands: [`start "" ${path}`] }
  }
  const summary = 'Docker Engine is installed, but does not run. Start it.'
  if (rootless) {
    const commands = systemd
      ? ['systemctl --user enable --now docker', 'sudo loginctl enable-linger $USER']
      : ['dockerd-rootless.sh &']
    return { summary, commands }
  }
  if (systemd) return { summary, commands: ['sudo systemctl enable --now docker'] }
  if (wsl) return { summary, commands: ['sudo service docker start'] }
  return { summary, commands: ['sudo sh -c "dockerd >/var/log/dockerd.log 2>&1 &"'] }
}

const RUN = 'sudo systemctl enable --now docker'
const GROUP = 'sudo usermod -aG docker $USER'

function missingHint({ platform, distribution, systemd, wsl }: SystemFacts): InstallHint {
  if (platform === 'darwin') {
    return {
      summary: 'Docker is not installed. Install Docker Desktop and start it.',
      commands: ['brew install --cask docker', 'open -a Docker'],
      link: 'https://docs.docker.com/desktop/setup/install/mac-install/',
    }
  }
  if (platform === 'win32') {
    return {
      summary: 'Docker is not installed. Install Docker Desktop and start it.',
      commands: ['winget install Docker.DockerDesktop'],
      link: 'https://docs.docker.com/desktop/setup/install/windows-install/',
    }
  }
  const after = [...(systemd ? [RUN] : []), GROUP]
  const summary = 'Docker Engine is not installed. Install it, then log in again, so that the group docker counts.'
  const link = 'https://docs.docker.com/engine/install/'
  if (wsl) {
    return {
      summary: 'Docker is not installed. Install Docker Desktop on Windows and turn on its WSL integration.',
      commands: [],
      link: 'https://docs.docker.com/desktop/features/wsl/',
    }
  }
  const install = packageCommand(distribution)
  if (install === undefined) return { summary: 'Docker Engine is not installed.', commands: [], link }
  return { summary, commands: [install, ...after], link }
}

/** From the distribution's own packages: one command, no foreign keys. */
function packageCommand(distribution: string): string | undefined {
  const is = (...names: readonly string[]) => distribution.split(/\s+/).some((name) => names.includes(name))
  if (is('debian', 'ubuntu')) return 'sudo apt-get update && sudo apt-get install -y docker.io'
  if (is('fedora')) return 'sudo dnf install -y moby-engine'
  if (is('arch')) return 'sudo pacman -S --noconfirm docker'
  if (is('opensuse', 'suse')) return 'sudo zypper install -y docker'
  if (is('alpine')) return 'sudo apk add docker'
  return undefined
}
