import type { CertificateFiles, CertificateFinding } from '../../core/actions/certificate-files.ts'
import type { FolderFacts, Surroundings } from '../../core/actions/look-around.ts'
import { formatBytes } from '../cli/format.ts'
import type { Probe } from './field.ts'
import type { Verdict } from './state.ts'

/** What answers are looked up with. */
export interface Instruments extends Pick<Surroundings, 'machine' | 'portHolder' | 'folder'> {
  certificate(files: CertificateFiles): Promise<CertificateFinding>
}

/** Also as Windows has it. */
const ABSOLUTE = /^(?:~?\/|~$|[A-Za-z]:[\\/])/
/** How many ports are tried for one that is free. */
const TRIED_PORTS = 50

/** What the machine says about an answer; undefined when there is nothing to say. `texts` are those of the probe's fields. */
export async function look(
  { about }: Probe,
  texts: readonly string[],
  instruments: Instruments,
): Promise<Verdict | undefined> {
  const [text = '', second = '', third = ''] = texts
  switch (about) {
    case 'port':
      return portVerdict(text, instruments)
    case 'folder':
      if (!ABSOLUTE.test(text)) return { tone: 'bad', text: 'Write the folder from / or ~/ on.' }
      return folderVerdict(await instruments.folder(text))
    case 'certificate':
      if (text === '' || second === '') return undefined
      return instruments.certificate({ certificate: text, key: second, domain: third })
    case 'cpus': {
      const { cpus } = instruments.machine
      return cpus !== undefined && Number(text) > cpus
        ? { tone: 'warn', text: `This machine has ${cpus} CPUs.` }
        : undefined
    }
    case 'memory': {
      const { memory } = instruments.machine
      return memory !== undefined && bytesOf(text) > memory
        ? { tone: 'warn', text: `This machine has ${formatBytes(memory)} of memory.` }
        : undefined
    }
  }
}

async function portVerdict(text: string, instruments: Instruments): Promise<Verdict | undefined> {
  const port = portOf(text)
  if (port === undefined) return undefined
  const holder = await instruments.portHolder(port)
  if (holder === undefined) return { tone: 'good', text: `Port ${port} is free.` }
  const free = await freePortAfter(port, instruments)
  const offer = free === undefined ? {} : { offer: String(free) }
  return { tone: 'warn', text: `Port ${port} is held by ${holder}.`, ...offer }
}

/** Low ports have a meaning each: the next one to try in their place is above them. */
async function freePortAfter(port: number, { portHolder }: Instruments): Promise<number | undefined> {
  const start = port < 1024 ? 8000 + (port % 1000) : port + 1
  for (let next = start; next < start + TRIED_PORTS && next <= 65_535; next += 1) {
    if ((await portHolder(next)) === undefined) return next
  }
  return undefined
}

function portOf(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0
  return port >= 1 && port <= 65_535 ? port : undefined
}

function folderVerdict({ path, state, free }: FolderFacts): Verdict {
  const space = free === undefined ? '' : `, ${formatBytes(free)} free`
  switch (state) {
    case 'there':
      return { tone: 'good', text: `${path} is there${space}.` }
    case 'can be made':
      return { tone: 'good', text: `${path} will be made${space}.` }
    case 'no folder':
      return { tone: 'bad', text: `${path} is not a folder, or lies below something that is none.` }
    case 'not writable':
      return { tone: 'bad', text: `${path} cannot be written by you.` }
  }
}

const UNITS: { readonly [unit: string]: number } = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }

/** `512m` as bytes, as Compose has it; 0 for what is no size. */
function bytesOf(text: string): number {
  const [, amount, unit = 'b'] = /^(\d+(?:\.\d+)?)([bkmg]?)b?$/i.exec(text.trim()) ?? []
  return amount === undefined ? 0 : Number(amount) * (UNITS[unit.toLowerCase() || 'b'] ?? 1)
}
