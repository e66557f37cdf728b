import type { Finding } from '../finding.ts'
import { missing } from './missing.ts'
import { at, type Rule, type Subject } from './rule.ts'

const NEEDED = {
  local: [],
  ldap: ['auth.ldap.serverUrl', 'auth.ldap.bindDn', 'auth.ldap.bindPassword', 'auth.ldap.userBase'],
  oauth: ['auth.oauth.clientId', 'auth.oauth.clientSecret', 'auth.oauth.issuer'],
} as const

/** Minutes. Below it people log in all the time; above it a stolen session is good for a season. */
const SHORTEST_SESSION = 5
const LONGEST_SESSION = 30 * 24 * 60

function incomplete({ config }: Subject): readonly Finding[] {
  const mode = config.auth?.mode ?? 'local'
  return missing(config, NEEDED[mode], `is needed by auth.mode ${mode}`)
}

function openLdap({ config: { auth } }: Subject): readonly Finding[] {
  if (auth?.mode !== 'ldap' || !/^ldap:/i.test(auth.ldap?.serverUrl ?? '')) return []
  return [at('auth.ldap.serverUrl', 'sends passwords unencrypted', 'Use ldaps://.')]
}

function openOauth({ config: { auth } }: Subject): readonly Finding[] {
  if (auth?.mode !== 'oauth' || !/^http:/i.test(auth.oauth?.issuer ?? '')) return []
  return [
    at('auth.oauth.issuer', 'is reached without TLS', 'Use https://: whoever sits between could log in as anybody.'),
  ]
}

function sessions({ config: { auth } }: Subject): readonly Finding[] {
  const minutes = auth?.tokenExpiration
  if (minutes === undefined || (minutes >= SHORTEST_SESSION && minutes <= LONGEST_SESSION)) return []
  const [what, hint] =
    minutes < SHORTEST_SESSION
      ? ['ends sessions after less than 5 minutes', 'It is in minutes; 10080 are a week.']
      : ['keeps sessions for more than 30 days', 'It is in minutes; whoever gets hold of a session has it that long.']
  return [at('auth.tokenExpiration', what, hint)]
}

export const authRules: readonly Rule[] = [
  {
    id: 'auth-incomplete',
    severity: 'error',
    about: 'A setting that `auth.mode` needs is missing.',
    onRead: true,
    check: incomplete,
  },
  {
    id: 'ldap-without-tls',
    severity: 'warning',
    about: '`auth.ldap.serverUrl` begins with `ldap://`: passwords cross the network in plain text.',
    check: openLdap,
  },
  {
    id: 'oauth-without-tls',
    severity: 'warning',
    about: '`auth.oauth.issuer` begins with `http://`.',
    check: openOauth,
  },
  {
    id: 'session-length',
    severity: 'warning',
    about: '`auth.tokenExpiration` is below 5 minutes or above 30 days.',
    check: sessions,
  },
]
