import { type Facts, type Field, type Step, settingField } from '../field.ts'

const MODE = 'auth.mode'

/** Who checks passwords, and how that one is reached. */
export function authStep(facts: Facts): Step | undefined {
  if (!facts.uses.has(MODE)) return undefined
  const when = (is: string) => ({ when: { id: MODE, is } })
  const ldap = (key: string, label: string, required = true): Field =>
    settingField(facts, `auth.ldap.${key}`, { label, required, ...when('ldap') })
  const oauth = (key: string, label: string): Field =>
    settingField(facts, `auth.oauth.${key}`, { label, required: true, ...when('oauth') })
  return {
    id: 'auth',
    title: 'Authentication',
    fields: [
      settingField(facts, MODE, {
        label: 'Accounts',
        choices: [
          { value: 'local', label: 'local', help: 'accounts of the system itself' },
          { value: 'ldap', label: 'LDAP', help: 'a directory of your institution' },
          { value: 'oauth', label: 'OAuth', help: 'a provider such as Keycloak or GitHub' },
        ],
      }),
      ldap('serverUrl', 'Server'),
      ldap('bindDn', 'Bind DN'),
      ldap('bindPassword', 'Bind password'),
      ldap('userBase', 'User base'),
      ldap('groupBase', 'Group base', false),
      oauth('clientId', 'Client id'),
      oauth('clientSecret', 'Client secret'),
      oauth('issuer', 'Issuer'),
    ],
  }
}
