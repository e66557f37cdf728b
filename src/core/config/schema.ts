import * as z from 'zod'
import { ENVIRONMENTS } from './environments.ts'
import * as field from './fields.ts'
import { CURRENT_VERSION } from './migrations/index.ts'

/** How a secret that nobody has given is made; without it a person must give it (an account elsewhere). */
export type SecretKind = 'password' | 'hex'

/** The fields whose values never leave the program; in a registry of its own, to keep the JSON Schema clean. */
export const secretRegistry = z.registry<{ readonly generate?: SecretKind }>()

function secret(description: string, generate?: SecretKind) {
  return field
    .text()
    .describe(description)
    .register(secretRegistry, generate === undefined ? {} : { generate })
}

const minio = field.section({
  host: field.host().describe('Host of the S3 server, as the app reaches it.'),
  port: field.port().describe('Port of the S3 server.'),
  accessKey: field.text().describe('Access key (user name) of the S3 server.'),
  secretKey: secret('Secret key (password) of the S3 server.', 'password'),
  bucketName: field.text().describe('Bucket that holds the results.'),
  useSSL: field.flag().describe('Talk to the S3 server over TLS.'),
})

const redis = field.section({
  host: field.host().describe('Host of Redis, as the app reaches it.'),
  port: field.port().describe('Port of Redis.'),
  password: secret('Password of Redis.', 'password'),
  db: field.whole(0).describe('Number of the Redis database.'),
})

const ldap = field.section({
  serverUrl: field.url(['ldap', 'ldaps']).describe('The directory server, as in ldaps://ldap.example.org.'),
  bindDn: field.text().describe('Distinguished name with which the app binds.'),
  bindPassword: secret('Password with which the app binds.'),
  userBase: field.text().describe('Where users are searched.'),
  groupBase: field.text().describe('Where groups are searched.'),
})

const oauth = field.section({
  clientId: field.text().describe('Client id that the provider gave.'),
  clientSecret: secret('Client secret that the provider gave.'),
  issuer: field.url(['https', 'http']).describe('Address of the provider.'),
})

const letsEncrypt = field.section({
  email: field.email().describe("Address to which Let's Encrypt writes."),
  domains: field.list(field.host()).min(1, 'a list with at least one domain').describe('Domains of the certificate.'),
  staging: field.flag().describe('Use the staging server, for trials.'),
})

const resources = field.section({
  cpus: z.number('a number of CPUs, above 0').positive('a number of CPUs, above 0').describe('Most CPUs it may use.'),
  memory: field.size().describe('Most memory it may use, as in 512m or 2g.'),
})

const sections = field.section({
  template: z
    .string('the name of a template')
    .regex(/^[a-z0-9][a-z0-9-]*$/, 'the name of a template')
    .describe('Template that is deployed (default ddalab).'),
  environment: field
    .oneOf(ENVIRONMENTS)
    .describe('Which defaults and which of the environments below apply (default production).'),
  api: field
    .section({
      host: field.host().describe('Address on which the API listens in its container.'),
      port: field.port().describe('Port of the API.'),
      publicUrl: field.url(['http', 'https']).describe('Address of the API as a browser sees it.'),
    })
    .describe('The API.'),
  web: field
    .section({
      port: field.port().describe('Port of the web interface in its container.'),
      publicUrl: field.url(['http', 'https']).describe('Address of the web interface as a browser sees it.'),
    })
    .describe('The web interface.'),
  database: field
    .section({
      host: field.host().describe('Host of PostgreSQL, as the app reaches it.'),
      port: field.port().describe('Port of PostgreSQL.'),
      name: field.text().describe('Name of the database.'),
      user: field.text().describe('User of the database.'),
      password: secret('Password of the database user.', 'password'),
    })
    .describe('PostgreSQL.'),
  storage: field
    .section({
      minio: minio.describe('The S3 server.'),
      dataDir: field.text().describe('Folder of the data in the container of the app.'),
      allowedDirs: field.list(field.text()).describe('Folders that the app may read.'),
    })
    .describe('Where data and results lie.'),
  cache: field.section({ redis: redis.describe('Redis.') }).describe('The cache.'),
  dda: field
    .section({
      binaryPath: field.text().describe('The analysis program in the container of the app.'),
      maxConcurrentTasks: field.whole(1).describe('Most analyses at the same time.'),
      taskTimeout: field.whole(1).describe('Seconds after which an analysis is given up.'),
    })
    .describe('The analysis.'),
  auth: field
    .section({
      mode: field.oneOf(['local', 'ldap', 'oauth']).describe('Who checks passwords.'),
      jwtSecret: secret('Key that signs sessions.', 'hex'),
      tokenExpiration: field.whole(1).describe('Minutes after which a session ends.'),
      ldap: ldap.describe('The directory, for mode ldap.'),
      oauth: oauth.describe('The provider, for mode oauth.'),
    })
    .describe('Who may use it.'),
  docker: field
    .section({
      image: field.imageReference().describe('Image of the main service of the template.'),
      composeFile: field.text().describe('Name of the Compose file that is written.'),
      networks: field.list(field.text()).describe('Networks of the services.'),
      volumes: field
        .table(field.text(), field.containerPath())
        .describe('Volumes or folders of the host, each with its path in the container of the main service.'),
      volumeNames: field
        .table(field.text(), field.volumeName())
        .describe(
          'Existing volumes (or folders, by their absolute path) of the host in place of those of the template, by name there.',
        ),
      environmentOverrides: field
        .table(field.variableName(), field.variableValue())
        .describe('Environment variables of the main service, over all others.'),
    })
    .describe('Containers.'),
  images: field
    .table(field.serviceName(), field.imageReference())
    .describe('Images to use in place of those of the template, by service.'),
  resources: field.table(field.serviceName(), resources).describe('Limits, by service.'),
  profiles: field.list(field.text()).describe('Optional groups of services to run, such as monitoring.'),
  ingress: field
    .section({
      type: field.oneOf(['traefik', 'caddy', 'nginx']).describe('Program that takes requests from outside.'),
      domain: field.host().describe('Name under which the system is reached.'),
      httpPort: field.port().describe('Port of the host for HTTP (default 80).'),
      httpsPort: field.port().describe('Port of the host for HTTPS (default 443).'),
    })
    .describe('How requests from outside come in.'),
  ssl: field
    .section({
      enabled: field.flag().describe('Serve over TLS.'),
      certPath: field.text().describe('Certificate chain, a PEM file on the host.'),
      keyPath: field.text().describe('Private key, a PEM file on the host.'),
      letsEncrypt: letsEncrypt.describe("A certificate from Let's Encrypt."),
    })
    .describe('TLS. Without a certificate a self-signed one is made.'),
  updates: field
    .section({
      channel: field.oneOf(['stable', 'beta', 'dev']).describe('Which versions are offered.'),
      checkInterval: field.whole(1).describe('Hours between two checks.'),
      autoUpdate: field.flag().describe('Install updates without being asked.'),
      autoBackup: field.flag().describe('Back up before an update.'),
      keep: field.whole(1, 50).describe('How many earlier releases can be gone back to; 3 when not given.'),
      keepBackups: field.whole(1, 1000).describe('How many backups of the data are kept; 5 when not given.'),
      manifest: field
        .addressOrPath()
        .describe("A signed list of releases to update from, in place of the tags of the main image's registry."),
      manifestKey: field.minisignKey().describe('The minisign key that has to have signed the manifest.'),
      cosignKey: field.publicKey().describe('The key that has to have signed the images of an update with cosign.'),
    })
    .describe('Updates.'),
  parameters: field
    .table(field.variableName(), field.variableValue())
    .describe('Parameters of the template that have no place elsewhere.'),
  variables: field
    .table(field.variableName(), field.variableValue())
    .describe(
      'Environment variables of your own for the main service; may use ${NAME} of parameters and of those above.',
    ),
  secretVariables: field
    .table(field.variableName(), secret('Value of a secret variable, taken as it is.'))
    .describe('The same for secrets; their values are taken as they are.'),
})

/** What holds in one environment only. Everything but what says which template and which environment it is. */
const overlay = sections.omit({ template: true, environment: true })

const environments = field.section({
  development: overlay.describe('Settings for development, over those above.'),
  staging: overlay.describe('Settings for staging, over those above.'),
  production: overlay.describe('Settings for production, over those above.'),
})

/** `deployment-config.yml` of the current version. No defaults: these are the template's, per environment. */
export const configSchema = z.strictObject(
  {
    version: z.literal(CURRENT_VERSION).describe('Version of the schema of this file.'),
    ...sections.shape,
    environments: environments.describe('Settings that hold in one environment only, over all others.').optional(),
  },
  'a section: keys and values below it',
)

/** What a template may give defaults for: not what is a user's own. */
export const defaultsSchema = overlay.omit({ variables: true, secretVariables: true })

export type { EnvironmentName } from './environments.ts'

type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T

/** A config as it is written: everything but the version may be absent. */
export type Config = DeepReadonly<z.input<typeof configSchema>>
export type ConfigDefaults = DeepReadonly<z.input<typeof defaultsSchema>>
export type Overlay = DeepReadonly<z.input<typeof overlay>>

/** The schema for editors, JSON Schema draft 7. */
export function jsonSchema(): object {
  const sops = z
    .record(z.string(), z.unknown())
    .describe('What opens the secrets; written by ddalab and sops, not by hand.')
  return z.toJSONSchema(configSchema.extend({ sops: sops.optional() }), { target: 'draft-7', io: 'input' })
}
