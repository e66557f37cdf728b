import { mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DdalabError } from '../../errors.ts'
import { createFileAtomic, isMissing, readError, readFileIfExists, removeTemporaries, writeError } from '../../files.ts'
import { newIdentity, recipientOf } from './data-key.ts'
import { type Identities, identityFile, parseIdentities } from './identities.ts'

/** Where identities may be; the environment of the program has these. */
export interface IdentityPlaces {
  readonly platform: NodeJS.Platform
  /** Our own identity lies here. */
  readonly configHome: string
  /** SOPS_AGE_KEY: identities themselves. */
  readonly sopsAgeKey: string | undefined
  /** SOPS_AGE_KEY_FILE. */
  readonly sopsAgeKeyFile: string | undefined
  /** Where sops looks by itself. */
  readonly sopsDefaultKeyFile: string
}

/** Our own identity: the recipient that stands for it, and whether it was made just now. */
export interface OwnIdentity {
  readonly file: string
  readonly recipient: string
  readonly created: boolean
}

export interface IdentityStore {
  /** Our own identity file; whoever loses it loses the secrets. */
  readonly file: string
  /** All identities that there are. Errors: IDENTITY_INVALID, IDENTITY_UNSAFE, FILE_NOT_READABLE. */
  readonly load: () => Promise<Identities>
  /** Our own identity, made when there is none. Errors: the same, FILE_NOT_WRITABLE, DISK_FULL. */
  readonly own: (now: Date) => Promise<OwnIdentity>
}

export function identityStore(places: IdentityPlaces): IdentityStore {
  const file = join(places.configHome, 'identity.txt')
  return { file, load: () => load(file, places), own: (now) => own(file, places.platform, now) }
}

async function load(
  file: string,
  { platform, sopsAgeKey, sopsAgeKeyFile, sopsDefaultKeyFile }: IdentityPlaces,
): Promise<Identities> {
  const named = sopsAgeKeyFile === undefined ? [] : [sopsAgeKeyFile]
  const fromFiles = await Promise.all([
    readOwn(file, platform),
    ...named.map((path) => readIdentities(path, `SOPS_AGE_KEY_FILE (${path})`)),
    readIdentities(sopsDefaultKeyFile),
  ])
  const given = sopsAgeKey === undefined ? [] : parseIdentities(sopsAgeKey, 'SOPS_AGE_KEY')
  return {
    keys: [...new Set([...fromFiles.flatMap((keys) => keys ?? []), ...given])],
    lookedIn: [file, named[0] ?? 'SOPS_AGE_KEY_FILE', 'SOPS_AGE_KEY', sopsDefaultKeyFile],
  }
}

async function own(file: string, platform: NodeJS.Platform, now: Date): Promise<OwnIdentity> {
  const recipientIn = async (keys: readonly string[] | undefined) => {
    const [identity] = keys ?? []
    return identity === undefined ? undefined : recipientOf(identity)
  }
  const present = await recipientIn(await readOwn(file, platform))
  if (present !== undefined) {
    await removeTemporaries(file)
    return { file, recipient: present, created: false }
  }
  const identity = await newIdentity()
  const recipient = await recipientOf(identity)
  await makeDirectory(file)
  if (await createFileAtomic(file, identityFile(identity, recipient, now), { mode: 0o600, sync: true }))
    return { file, recipient, created: true }
  // Another process was faster, or the file is there and holds no identity.
  const other = await recipientIn(await readOwn(file, platform))
  if (other !== undefined) return { file, recipient: other, created: false }
  throw new DdalabError('IDENTITY_INVALID', `${file} holds no identity`, {
    hint: 'Put the identity into it, or move the file away to have a new one made.',
  })
}

/** Our own file must be ours alone; files of others are read as sops reads them. */
async function readOwn(file: string, platform: NodeJS.Platform): Promise<readonly string[] | undefined> {
  if (platform !== 'win32') {
    const mode = await stat(file).then(
      (found) => found.mode,
      (thrown) => {
        if (isMissing(thrown)) return 0
        throw readError(thrown, file)
      },
    )
    if ((mode & 0o077) !== 0) {
      throw new DdalabError('IDENTITY_UNSAFE', `${file} opens the secrets, and others may read it`, {
        hint: `Run: chmod 600 ${file}`,
        place: { file },
      })
    }
  }
  return readIdentities(file)
}

async function readIdentities(path: string, source: string = path): Promise<readonly string[] | undefined> {
  const text = await readFileIfExists(path)
  return text === undefined ? undefined : parseIdentities(text, source)
}

async function makeDirectory(file: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  } catch (thrown) {
    throw writeError(thrown, file)
  }
}
