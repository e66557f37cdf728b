import { choiceField, type Facts, type Step, settingField } from '../field.ts'

const TLS = 'tls'

/** Under which name the system is reached, and with which certificate. */
export function accessStep(facts: Facts): Step | undefined {
  if (facts.template.ingress === undefined) return undefined
  const on = ['ssl.enabled=true']
  const own = { id: TLS, is: 'files' }
  const [certificate, key] = ['ssl.certPath', 'ssl.keyPath'] as const
  const pair = { about: 'certificate', of: [certificate, key, 'ingress.domain'] } as const
  return {
    id: 'access',
    title: 'Domain and TLS',
    fields: [
      settingField(facts, 'ingress.domain', { label: 'Domain' }),
      choiceField({
        id: TLS,
        label: 'TLS',
        help: 'Where the certificate comes from.',
        fallback: facts.defaults.ssl?.enabled === true ? 'self-signed' : 'off',
        choices: [
          { value: 'self-signed', label: 'self-signed', help: 'made here; browsers ask once', sets: on },
          { value: 'files', label: 'own files', help: 'a certificate and its key, as PEM files', sets: on },
          { value: 'lets-encrypt', label: "Let's Encrypt", help: 'for a domain that the internet reaches', sets: on },
          { value: 'off', label: 'off', help: 'plain HTTP', sets: ['ssl.enabled=false'] },
        ],
      }),
      settingField(facts, certificate, { label: 'Certificate', kind: 'path', required: true, when: own }),
      {
        ...settingField(facts, key, { label: 'Private key', kind: 'path', required: true, when: own }),
        probe: pair,
      },
      settingField(facts, 'ssl.letsEncrypt.email', {
        label: 'E-mail',
        required: true,
        when: { id: TLS, is: 'lets-encrypt' },
      }),
    ],
  }
}
