/** In the masked stack a secret stands as its name between these (private use characters), until it is written as something else. */
const OPEN = '\uE0D0'
const CLOSE = '\uE0D1'
const MASKED = new RegExp(`${OPEN}([A-Za-z0-9_]+)${CLOSE}`, 'g')

/** What stands in a text in place of the secret of this name. */
export function maskOf(name: string): string {
  return `${OPEN}${name}${CLOSE}`
}

/** The text with each mask written anew. */
export function unmask(text: string, write: (name: string) => string): string {
  return text.replace(MASKED, (_, name: string) => write(name))
}

export function hasMask(text: string): boolean {
  return text.search(MASKED) !== -1
}
