/** The labels on what we create: Compose's, so that its commands see it, and our own, which decide. */
export const COMPOSE = {
  project: 'com.docker.compose.project',
  service: 'com.docker.compose.service',
  version: 'com.docker.compose.version',
  workingDir: 'com.docker.compose.project.working_dir',
  configFiles: 'com.docker.compose.project.config_files',
  environmentFile: 'com.docker.compose.project.environment_file',
  oneOff: 'com.docker.compose.oneoff',
  configHash: 'com.docker.compose.config-hash',
  number: 'com.docker.compose.container-number',
  dependsOn: 'com.docker.compose.depends_on',
  image: 'com.docker.compose.image',
  replace: 'com.docker.compose.replace',
  network: 'com.docker.compose.network',
  volume: 'com.docker.compose.volume',
} as const

export const DDALAB = {
  instance: 'io.ddalab.instance',
  /** Hash of everything that makes a container what it is: recreation is decided by it. */
  specHash: 'io.ddalab.spec-hash',
  /** JSON of section -> hash, so that a plan can say which part changed. */
  spec: 'io.ddalab.spec',
  /** `<run>/<operation>`: how a resource is found whose creation was never journalled (rule 4). */
  operation: 'io.ddalab.operation',
  /** On a container that is never started: the instance for which it keeps its image. */
  keeps: 'io.ddalab.keeps',
} as const

/** What the `version` label says: the generation of Compose whose labels these are. */
export const COMPOSE_VERSION = '2.0.0'
