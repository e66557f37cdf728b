import stringWidth from 'string-width'
import type { Logs, ServiceLogLine } from '../../../core/actions/logs.ts'
import { foreignText } from '../foreign-text.ts'
import { paint, paintNth, type Style } from '../style.ts'

export interface LogFormat {
  readonly timestamps: boolean
  /** Name the service before each line. */
  readonly prefix: boolean
}

/** How the lines of these sources are written: `service | line`, each service in its colour; replicas by container. */
export function logView(sources: Logs['sources'], { timestamps, prefix }: LogFormat) {
  const services = [...new Set(sources.map(({ service }) => service))]
  const label = ({ service, container }: Pick<ServiceLogLine, 'service' | 'container'>): string =>
    sources.filter((source) => source.service === service).length > 1 ? container : service
  const labels = new Map(sources.map((source) => [source.container, label(source)]))
  const width = Math.max(...[...labels.values()].map((text) => stringWidth(text)))
  return ({ service, container, timestamp, line }: ServiceLogLine, style: Style): string => {
    const name = (labels.get(container) ?? container).padEnd(width)
    const head = prefix ? `${paintNth(style, services.indexOf(service), `${name} |`)} ` : ''
    const time = timestamps ? `${paint(style, 'quiet', timestamp)} ` : ''
    return `${head}${time}${foreignText(line, style)}\n`
  }
}
