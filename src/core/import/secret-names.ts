const SECRET_NAME =
  /PASS(?:WORD|WD|PHRASE)?(?:_|$)|SECRET|TOKEN(?:_|$)|CREDENTIAL|(?:API|ACCESS|PRIVATE|SIGNING|ENCRYPTION)_?KEY|_KEY$|_DSN$|SALT(?:_|$)/i
/** A URL with a password in it. */
const SECRET_VALUE = /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i

/** Whether a variable holds something that nobody else should see, by its name and its value. In doubt it does. */
export function looksSecret(name: string, value: string): boolean {
  return SECRET_NAME.test(name) || SECRET_VALUE.test(value)
}
