import { type Facts, type Step, settingField } from '../field.ts'

const PORTS = [
  ['ingress.httpPort', 'HTTP port'],
  ['ingress.httpsPort', 'HTTPS port'],
] as const

/** The ports of this machine that the ingress takes. */
export function portsStep(facts: Facts): Step | undefined {
  const { template, uses } = facts
  if (template.ingress === undefined) return undefined
  const port = (path: string, label: string) => settingField(facts, path, { label, kind: 'port', probe: 'port' })
  return {
    id: 'ports',
    title: 'Ports',
    intro: 'On which ports of this machine the system answers.',
    fields: [
      ...PORTS.map(([path, label]) => port(path, label)),
      ...(uses.has('api.port') ? [port('api.port', 'API port')] : []),
    ],
  }
}
