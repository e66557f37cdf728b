import { describe, expect, test } from 'vitest'
import { type ComposeFile, readComposeFile, renderComposeFile } from '../../src/core/stack/compose/index.ts'
import { escapeDollars } from '../../src/core/stack/interpolate.ts'
import { compose, composeConfig, withFiles } from './compose-oracle.ts'
import { everything, files, outside } from './documents.ts'

function read(text: string, workingDir = '/srv/lab', profiles: readonly string[] = []): ComposeFile {
  return readComposeFile(text, {
    file: 'compose.yml',
    workingDir,
    home: '/home/lab',
    lookup: (name) => outside[name],
    profiles,
    readFile: (path) => Object.entries(files).find(([name]) => path === `${workingDir}/${name}`)?.[1],
  })
}

const told = ({ findings }: ComposeFile) =>
  findings.map(({ severity, message, hint, place }) =>
    [`${place?.line}:${place?.column} ${severity}: ${message}`, hint].filter((part) => part !== undefined).join(' | '),
  )

/** What a file means, without where it says so. */
const meaning = ({
  findings: _findings,
  place: _place,
  inactive: _inactive,
  profiles: _profiles,
  volumeKeys: _volumeKeys,
  ...stack
}: ComposeFile) => stack

const service = (lines: string) => read(`services:\n  web:\n    image: x\n${lines.replace(/^(?=.)/gm, '    ')}`)
const web = (lines: string) => {
  const file = service(lines)
  expect(told(file)).toEqual([])
  return file.services.web
}

describe('Compose file', () => {
  test('every key in short and long form becomes one normal form', () => {
    const file = read(everything)
    expect(told(file)).toEqual([])
    expect(meaning(file)).toMatchSnapshot()
    expect(file.inactive).toEqual({ never: ['rare'] })
  })

  test('what is written is read back as the same', () => {
    const file = read(everything)
    const text = renderComposeFile(file, escapeDollars, '')
    expect(text).toMatchSnapshot()
    expect(meaning(read(text))).toEqual(meaning(file))
  })

  test('profiles choose the services', () => {
    expect(Object.keys(read(everything, '/srv/lab', ['rare']).services)).toContain('never')
    expect(Object.keys(read(everything, '/srv/lab', ['*']).services)).toContain('never')
  })

  test('names follow the project', () => {
    const file = readComposeFile('services: {web: {image: x, volumes: [data:/d]}}\nvolumes: {data: }', {
      file: 'compose.yml',
      project: 'other',
      workingDir: '/srv',
      home: '/home/lab',
      lookup: () => undefined,
      profiles: [],
      readFile: () => undefined,
    })
    expect(file.volumes.data?.name).toBe('other_data')
    expect(file.networks.default?.name).toBe('other_default')
  })

  test('paths of Windows are no volume names', () => {
    expect(web('volumes: ["C:\\\\data:/data:ro", "//server/share:/s"]')?.mounts).toMatchObject([
      { type: 'bind', source: 'C:\\data', target: '/data', readOnly: true },
      { type: 'bind', source: '//server/share', target: '/s' },
    ])
  })

  describe.skipIf(compose === '')('as the Compose binary', () => {
    const asCompose = (text: string) =>
      withFiles({ 'compose.yml': text, ...files, c2: 'x' }, (directory) => ({
        ours: meaning(read(text, directory)),
        theirs: meaning(read(JSON.stringify(composeConfig(directory, outside)), directory)),
      }))

    test('every key means the same', () => {
      const { ours, theirs } = asCompose(everything)
      expect(ours).toEqual(theirs)
    })

    test('what we write means the same', () => {
      withFiles(files, (directory) => {
        const file = read(everything, directory)
        const { theirs } = withFiles({}, () => asCompose(renderComposeFile(file, escapeDollars, '')))
        expect(theirs).toEqual(meaning(file))
      })
    })
  })
})

describe('mistakes in a Compose file', () => {
  test('are told all at once, each with its place', () => {
    const file = read(`services:
  web:
    imag: x
    ports: ["80:81:82:83", "99999:1", "1-2:1-3"]
    volumes: [nope:/data, "./a:/b:rx", {type: npipe, target: /x}]
    healthcheck: {test: [curl], interval: soon}
    depends_on: [gone]
    environment: ["A=\${MISSING:?give it}", "B=\${"]
    restart: sometimes
    networks: [absent]
    mem_limit: lots
  loop-a: {image: x, depends_on: [loop-b]}
  loop-b: {image: x, depends_on: [loop-a]}
volume: {}
`)
    expect(told(file)).toMatchInlineSnapshot(`
      [
        "3:5 error: services.web.imag is not a key of Compose files | Did you mean image?",
        "3:5 error: services.web has no image | Add image.",
        "4:13 error: services.web.ports.0 must be a port as in 80, 8080:80, 127.0.0.1:8080:80 or 53:53/udp",
        "4:28 error: services.web.ports.1 must be ports from 1 to 65535",
        "4:39 error: services.web.ports.2 has ranges of different length | Give both sides as many ports.",
        "5:27 error: services.web.volumes.1 has the unknown option rx | Known are ro, rw, z, Z, nocopy and propagations.",
        "5:47 error: services.web.volumes.2.type must be volume, bind or tmpfs | Other kinds of mounts are not supported.",
        "5:14 error: services.web refers to volume nope, which is not declared | Add nope to volumes.",
        "6:25 error: services.web.healthcheck.test must be a list that starts with CMD, CMD-SHELL or NONE",
        "6:43 error: services.web.healthcheck.interval must be a duration such as 30s or 1m30s",
        "7:17 error: services.web depends on gone, which is not there | Correct the name.",
        "8:19 error: services.web.environment.0: required variable MISSING is missing a value: give it | Give MISSING a value.",
        "8:44 error: services.web.environment.1: invalid interpolation format "\${" | Write the name in braces after the dollar sign, or two dollar signs for one.",
        "9:14 error: services.web.restart must be no, always, unless-stopped, on-failure or on-failure:3",
        "10:15 error: services.web refers to network absent, which is not declared | Add absent to networks.",
        "11:16 error: services.web.mem_limit must be a size such as 512m or 2g",
        "12:34 error: Services depend on each other in a circle: loop-a -> loop-b -> loop-a | Remove one of the dependencies.",
        "14:1 error: volume is not a key of Compose files | Did you mean volumes?",
      ]
    `)
  })

  test('broken YAML, repeated keys and unknown tags have a place', () => {
    expect(told(read('services:\n  web: {image: x\n'))).toMatchInlineSnapshot(`
      [
        "3:1 error: The indentation does not fit | Indent with spaces, by the same number in one section.",
      ]
    `)
    expect(told(read('services:\n  web: {image: x}\n  web: {image: y}\n'))).toMatchInlineSnapshot(`
      [
        "3:3 error: The key is there twice | Keep one of them.",
      ]
    `)
    expect(told(read('services:\n  web: {image: x, ports: !reset []}\n'))).toMatchInlineSnapshot(`
      [
        "2:26 error: A tag (!) that has no meaning here | Put a text with special characters in single quotes.",
      ]
    `)
    expect(told(read('services: {web: {image: x, labels: &a {b: *a}}}\n'))).toMatchInlineSnapshot(`
      [
        "1:43 error: The values are nested too deeply | At most 64 levels are read.",
        "1:43 error: services.web.labels.b must be a text",
      ]
    `)
  })

  test('what is not supported is refused or told, never dropped', () => {
    const file = service(
      'build: .\nextends: {service: other}\nlinks: [db]\ncpu_shares: 5\ndeploy: {placement: {constraints: [a]}}\nuse_api_socket: true',
    )
    expect(told(file)).toMatchInlineSnapshot(`
      [
        "4:5 warning: services.web.build is not carried out; the image is taken as it is",
        "5:5 error: services.web.extends is not supported | Write the keys of the extended service here, or use an anchor (&) and a merge key (<<).",
        "6:5 warning: services.web.links is not carried over",
        "7:5 warning: services.web.cpu_shares is not carried over",
        "8:14 warning: services.web.deploy.placement has no effect on a Docker host",
        "9:5 warning: services.web.use_api_socket is not carried over",
      ]
    `)
    expect(told(read('include: [other.yml]\nservices: {web: {build: .}}'))).toMatchInlineSnapshot(`
      [
        "1:1 error: include is not supported | Write the services into this file.",
        "2:18 error: services.web is built and names no image | Build it, give it a tag, and name that as image.",
      ]
    `)
  })

  test('a variable without value is a warning', () => {
    expect(told(service('labels: ["a=${NOPE}"]'))).toMatchInlineSnapshot(`
      [
        "4:14 warning: The variable NOPE is not set; it counts as empty | Set NOPE, or write \${NOPE:-}.",
      ]
    `)
  })

  test('an alias bomb is refused', () => {
    const levels = Array.from(
      { length: 9 },
      (_, index) => `x-${index + 1}: &l${index + 1} [${Array(9).fill(`*l${index}`).join(', ')}]`,
    )
    expect(told(read(`x-0: &l0 [a]\n${levels.join('\n')}\nservices: {web: {image: x}}`))).toMatchInlineSnapshot(`
      [
        "1:1 error: The aliases (*) of the file cannot be resolved | Write the values out, or correct the anchors (&).",
      ]
    `)
  })

  test('an env file that is missing or broken is told', () => {
    expect(told(service('env_file: gone.env'))).toMatchInlineSnapshot(`
      [
        "4:15 error: services.web.env_file: the file /srv/lab/gone.env is not there | Create it, or add required: false.",
      ]
    `)
  })
})
