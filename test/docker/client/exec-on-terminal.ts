/** Runs a command in a container on the terminal this is started in: `HOST CONTAINER COMMAND...`. For exec.test.ts. */
import { runExec } from '../../../src/core/providers/docker/client/index.ts'
import { connectTo, delay } from './support.ts'

const [host = '', container = '', ...command] = process.argv.slice(2)
const { stdin, stdout, stderr } = process
const engine = await connectTo(host)
process.exitCode = await runExec(
  engine,
  container,
  { command },
  {
    stdin,
    stdout,
    stderr,
    terminal: {
      size: () => ({ columns: stdout.columns, rows: stdout.rows }),
      onResize: (listener) => {
        stdout.on('resize', listener)
        return () => stdout.off('resize', listener)
      },
      setRawMode: (raw) => void stdin.setRawMode(raw),
    },
  },
  { delay },
)
engine.close()
