/** The names under which Compose looks for its file, in its order. */
export const COMPOSE_FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'] as const

/** What Compose lays over a file of that name without being told. */
export function overridesOf(file: string): readonly string[] {
  const stem = file.replace(/\.ya?ml$/, '')
  return [`${stem}.override.yml`, `${stem}.override.yaml`]
}
