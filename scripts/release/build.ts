import { readFile, writeFile } from 'node:fs/promises'
import { buildExecutable, type Executable, type ExecutableOptions } from '../executable/index.ts'
import { signAdHoc } from './mach-o-signature.ts'

/** The executable as users can run it: that for macOS with a signature, which what was put into Node has made invalid. */
export async function buildSigned(options: ExecutableOptions): Promise<Pick<Executable, 'file'>> {
  const { file } = await buildExecutable(options)
  if (options.target.startsWith('darwin-')) await writeFile(file, signAdHoc(await readFile(file), 'ddalab'))
  return { file }
}
