/**
 * Passwords and keys that stand in public Compose files, images, manuals and lists of stolen passwords: whoever attacks tries
 * these first. In the form of `normalForm`.
 */
const PUBLISHED = new Set([
  // DDALAB, DDALAB-setup and what goes with them.
  ...[
    'ddalab',
    'ddalabpassword',
    'ddalab123',
    'ddalabpass',
    'ddalabsecret',
    'securepassword',
    'accesskey',
    'secretkey',
  ],
  ...['yoursecretkey', 'devsecretkey', 'jwtsecret', 'jwtsecretkey', 'yourjwtsecret', 'nextauthsecret', 'mysecretkey'],
  // PostgreSQL, MinIO, Redis, Grafana, Docker's own examples.
  ...['postgres', 'postgresql', 'postgrespw', 'postgrespassword', 'mysecretpassword', 'pgpassword', 'dbpassword'],
  ...[
    'minioadmin',
    'minio',
    'minio123',
    'minio1234',
    'minioadmin123',
    'miniosecret',
    'miniosecretkey',
    'miniopassword',
  ],
  ...[
    'redis',
    'redispassword',
    'foobared',
    'grafana',
    'prometheus',
    'traefik',
    'keycloak',
    'example',
    'examplepassword',
  ],
  'wjalrxutnfemi/k7mdeng/bpxrficyexamplekey',
  'zuf+tftesslswru7bj86wekitnifilbzam1kyy3tg',
  // Keys of tutorials on tokens.
  '09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7',
  ...['your256bitsecret', 'astringsecretatleast256bitslong', 'shhhhh', 'shhhhhared', 'keyboardcat', 'supersecretkey'],
  ...['changeme', 'changeit', 'changethis', 'changemeplease', 'pleasechangeme', 'notsecure', 'insecure', 'unsafe'],
  // The first of every list.
  ...['password', 'password1', 'password12', 'password123', 'password1234', 'passwd', 'pass', 'pass123', 'passw0rd'],
  ...['admin', 'admin1', 'admin123', 'admin1234', 'administrator', 'adminadmin', 'adminpassword', 'root', 'rootroot'],
  ...['rootpassword', 'toor', 'user', 'user123', 'guest', 'default', 'secret', 'secret123', 'mysecret', 'supersecret'],
  ...['topsecret', 'test', 'test123', 'test1234', 'testing', 'testpassword', 'demo', 'demo123', 'dev', 'development'],
  ...['staging', 'production', 'welcome', 'welcome1', 'letmein', 'login', 'master', 'qwerty', 'qwerty123', 'qwertz'],
  ...['azerty', 'abc123', 'abcd1234', 'iloveyou', 'monkey', 'dragon', 'hunter2', 'trustno1', 'sunshine', 'football'],
  ...['123', '1234', '12345', '123456', '1234567', '12345678', '123456789', '1234567890', '111111', '000000', '123123'],
  ...[
    '654321',
    '87654321',
    '1q2w3e4r',
    '1qaz2wsx',
    'qazwsx',
    'zaq12wsx',
    'asdfgh',
    'asdf1234',
    'none',
    'null',
    'empty',
  ],
])

/** Words that people make passwords of, beside the published ones. */
const WORDS = [
  ...['spring', 'summer', 'autumn', 'winter', 'january', 'february', 'march', 'april', 'june', 'july', 'august'],
  ...['september', 'october', 'november', 'december', 'monday', 'friday', 'sunday', 'fruehling', 'sommer', 'herbst'],
  ...['passwort', 'geheim', 'hallo', 'willkommen', 'motdepasse', 'contrasena', 'hello', 'hunter', 'secure', 'private'],
  ...['server', 'database', 'laboratory', 'science', 'research', 'brain', 'neuro', 'university', 'institute', 'clinic'],
  ...['hospital', 'princess', 'shadow', 'superman', 'batman', 'baseball', 'michael', 'computer', 'internet', 'system'],
]

/** A value without letter case and separators. */
function normalForm(value: string): string {
  return value.toLowerCase().replaceAll(/[-_. ]/g, '')
}

/** True for a value that is known to everybody, also with letters written as digits and signs. */
export function isPublished(value: string): boolean {
  const form = normalForm(value)
  return PUBLISHED.has(form) || PUBLISHED.has(asLetters(form))
}

/** `p@ssw0rd` as `password`. The text keeps its length. */
export function asLetters(text: string): string {
  return text.toLowerCase().replaceAll(/[@430!1|$57]/g, (sign) => LETTERS[sign] ?? sign)
}

const LETTERS: { readonly [sign: string]: string } = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '0': 'o',
  '!': 'i',
  '1': 'i',
  '|': 'l',
  $: 's',
  '5': 's',
  '7': 't',
}

/** Four letters at least: shorter ones are in everything. The longest first, so that the first that fits is the best. */
export const COMMON_WORDS: readonly string[] = [...PUBLISHED, ...WORDS]
  .filter((word) => /^[a-z]{4,}$/.test(word))
  .toSorted((a, b) => b.length - a.length)

/** A text that says that a value is to be put there. */
export function isPlaceholder(value: string): boolean {
  return (
    /^<.+>$|^\[.+\]$|^\$\{?\w+\}?$|^\{\{.+\}\}$|^%\w+%$/.test(value) ||
    /^(?:x{3,}|\.{3,}|\*{3,}|•+|to-?do|tbd|fixme|n\/?a)$/i.test(value) ||
    /(?:change|replace)[-_ ]?(?:me|this|it)|(?:^|[-_ ])(?:your|insert|enter|put)[-_ ].*(?:key|secret|password|token|here)/i.test(
      value,
    )
  )
}
