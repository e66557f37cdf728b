const told: string[] = []

/** Keeps what was measured for the end, where it is read. */
export function tell(what: string, engine: string, measured: Readonly<Record<string, unknown>>): void {
  const figures = Object.entries(measured).map(([name, value]) => `${name} ${value}`)
  told.push(`${what}, Engine ${engine}: ${figures.join(', ')}`)
  process.stdout.write(`${told.at(-1)}\n`)
}

/** Says all of it. */
export function said(): void {
  for (const line of told) process.stdout.write(`${line}\n`)
}
