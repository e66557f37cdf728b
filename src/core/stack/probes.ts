import { DdalabError } from '../errors.ts'
import { portOf } from './compile-ingress.ts'
import type { IngressSettings } from './ingress/index.ts'
import { describeFailure, interpolate, type Lookup } from './interpolate.ts'
import type { Probe } from './model.ts'
import type { Template, TemplateProbe } from './template.ts'

/** The probes of a template with their addresses; those of services that do not run are left out. */
export function compileProbes(
  template: Template,
  settings: IngressSettings | undefined,
  services: readonly string[],
  lookup: Lookup,
): readonly Probe[] {
  return template.probes
    .map((probe) => compileProbe(probe, template, settings, lookup))
    .filter(({ service }) => services.includes(service))
}

function compileProbe(
  probe: TemplateProbe,
  template: Template,
  settings: IngressSettings | undefined,
  lookup: Lookup,
): Probe {
  const { name, service } = probe
  const timeout = probe.timeout * 1000
  const text = (value: string): string => resolve(value, lookup, name)
  const port = (value: string): number => portOf(value, lookup, template.name)
  switch (probe.type) {
    case 'http':
      return {
        name,
        service,
        type: 'http',
        url: text(probe.url),
        expectStatus: probe.expect,
        insecureTls: false,
        timeout,
      }
    case 'ingress':
      return ingressProbe(probe, template, settings, port, timeout)
    case 'tcp':
      return { name, service, type: 'tcp', host: text(probe.host), port: port(probe.port), timeout }
    case 'command':
      return { name, service, type: 'command', command: probe.command.map(text), timeout }
    case 'dependency':
      return { name, service, type: 'dependency', target: text(probe.target), port: port(probe.port), timeout }
  }
}

/** On this machine, with the name that the routes are for. */
function ingressProbe(
  { name, service, entry, path, expect }: Extract<TemplateProbe, { type: 'ingress' }>,
  template: Template,
  settings: IngressSettings | undefined,
  port: (value: string) => number,
  timeout: number,
): Probe {
  const found = template.ingress?.entries.find((one) => one.name === entry)
  if (settings === undefined || (entry !== undefined && found === undefined)) {
    throw new DdalabError('TEMPLATE_INVALID', `The probe ${name} of ${template.name} asks an entry that is not there`, {
      hint: 'Name one of ingress.entries, or leave entry out.',
    })
  }
  const main = settings.scheme === 'http' ? settings.httpPort : settings.httpsPort
  const { domain } = settings
  return {
    name,
    service: service === 'ingress' ? settings.kind : service,
    type: 'http',
    url: `${settings.scheme}://127.0.0.1:${found === undefined ? main : port(found.port)}${path}`,
    ...(domain !== undefined && { hostHeader: domain }),
    expectStatus: expect,
    insecureTls: settings.scheme === 'https' && settings.tls.kind === 'files',
    timeout,
  }
}

function resolve(value: string, lookup: Lookup, probe: string): string {
  const result = interpolate(value, lookup)
  if ('value' in result) return result.value
  const { message, hint } = describeFailure(result.failure)
  throw new DdalabError('TEMPLATE_INVALID', `The probe ${probe}: ${message}`, { hint })
}
