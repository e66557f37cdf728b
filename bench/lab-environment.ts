import { labCommand } from '../test/lab/lab.ts'

/** Brings the lab up and reads what it says of itself. */
export async function labEnvironment(): Promise<{ readonly [name: string]: string }> {
  await labCommand('up')
  const lines = (await labCommand('env')).split('\n')
  return Object.fromEntries(
    lines.flatMap((line) => {
      const at = line.indexOf('=')
      return at > 0 ? [[line.slice(0, at), line.slice(at + 1)] as const] : []
    }),
  )
}
