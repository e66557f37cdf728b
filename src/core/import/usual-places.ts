import { posix, win32 } from 'node:path'

/** The host, as far as it decides where people put things. */
export interface Home {
  readonly platform: NodeJS.Platform
  readonly home: string
  /** Where programs of the user keep settings: XDG_CONFIG_HOME, APPDATA; the system's own place otherwise. */
  readonly settings: string
}

const NAMES = ['DDALAB-setup', 'ddalab-setup', 'DDALAB', 'ddalab', 'DDALAB-deploy', 'ddalab-deploy']
const CONFIG = 'deployment-config.yml'

/** Where installations usually are: folders with a Compose file, and configs of ConfigManager. Absolute, likeliest first. */
export function usualPlaces({ platform, home, settings }: Home): readonly string[] {
  const path = platform === 'win32' ? win32 : posix
  const folders = ['', 'Desktop', 'Documents', 'Applications'].map((folder) => path.join(home, folder))
  const shared = platform === 'win32' ? ['C:\\'] : ['/opt', '/srv', '/usr/local']
  return [
    ...[...folders, ...shared].flatMap((folder) => NAMES.map((name) => path.join(folder, name))),
    ...settingsFolders(platform, home, settings, path).flatMap((folder) =>
      ['configmanager', 'ConfigManager'].map((name) => path.join(folder, name, CONFIG)),
    ),
  ]
}

/** Electron's place on each system, and `~/.config`, which ConfigManager itself documents for all of them. */
function settingsFolders(
  platform: NodeJS.Platform,
  home: string,
  settings: string,
  path: typeof posix,
): readonly string[] {
  const own = platform === 'darwin' ? path.join(home, 'Library', 'Application Support') : settings
  return [...new Set([path.join(home, '.config'), own])]
}
