/** Where releases of the program are, and whose they are. The one place for both: the install script gets them from here. */
export const PUBLISHER: Publisher = {
  url: 'https://github.com/sdraeger/ddalab-cli/releases',
  // Made once by whoever publishes, see docs/releasing.md.
  key: undefined,
}

export interface Publisher {
  /** Has `latest/download/FILE` and `download/vVERSION/FILE`, as the releases of a repository on GitHub do. */
  readonly url: string
  /** A minisign public key; undefined: nothing from there can be trusted. */
  readonly key: string | undefined
}
