import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { Plugin } from 'esbuild'

interface Replacement {
  /** The end of the file's path, with `/`. */
  readonly file: string
  /** Why it is needed. */
  readonly why: string
  /** The changed text; the build fails when it equals the original. */
  readonly change: (text: string) => string
}

const OURS_IN_INK = join(import.meta.dirname, '../src/ui/tui/ink')
const ROW_OUTPUT = join(OURS_IN_INK, 'row-output.ts')
const PLAIN_WIDTH = join(OURS_IN_INK, 'plain-width.ts')

/** One of several changes to a file: none of them gets lost beside the others. */
function replaced(text: string, theirs: string, ours: string): string {
  if (!text.includes(theirs)) throw new Error(`What is to be changed is no longer there: ${theirs}`)
  return text.replace(theirs, ours)
}

/** Ink measures each text that it lays out, and that it draws. */
const measuredByUs = (text: string) =>
  replaced(
    text,
    "import widestLine from 'widest-line';",
    `import widestLineOfInk from 'widest-line';
import { widestBy } from ${JSON.stringify(PLAIN_WIDTH)};
const widestLine = widestBy(widestLineOfInk);`,
  )

const REPLACEMENTS: readonly Replacement[] = [
  {
    file: 'dockerode/lib/docker.js',
    why: 'our own transport stands in for docker-modem (with its ssh2), no image is built here (BuildKit, gRPC, protobuf), and a plain engine has no swarm and no plugins of ours',
    change: (text) =>
      [
        'docker-modem',
        './session',
        './buildkit',
        './service',
        './plugin',
        './secret',
        './config',
        './task',
        './node',
      ].reduce((left, part) => replaced(left, `require('${part}')`, 'undefined'), text),
  },
  {
    file: 'dockerode/lib/util.js',
    why: 'what packs a build context (tar, .dockerignore, zlib) is not needed where no image is built',
    change: (text) =>
      text
        .replace("DockerIgnore = require('@balena/dockerignore')", 'DockerIgnore = undefined')
        .replace("tar = require('tar-fs')", 'tar = undefined')
        .replace("zlib = require('zlib')", 'zlib = undefined'),
  },
  {
    file: '@oclif/core/lib/util/os.js',
    why: 'finding out about WSL loads six packages and asks the file system',
    change: (text) =>
      text.replace(
        "(await import('wsl-utils')).isWsl ? 'wsl' : (0, node_os_1.platform)()",
        "process.env.WSL_DISTRO_NAME ? 'wsl' : (0, node_os_1.platform)()",
      ),
  },
  {
    file: '@oclif/core/lib/util/read-tsconfig.js',
    why: 'the TypeScript compiler is no part of the program',
    change: (text) => text.replace("typescript = require('typescript')", 'typescript = undefined'),
  },
  {
    file: '@oclif/core/lib/command.js',
    why: 'EPIPE is handled by our own output; touching stdout while loading costs 3 ms',
    change: (text) => text.replace(/^process\.stdout\.on\('error', [\s\S]*?^\}\);$/m, ''),
  },
  {
    file: 'ink/build/reconciler.js',
    why: "the developer tools of React, which DEV=true would load, are no dependency of Ink's, and a CommonJS chunk awaits nothing",
    change: (text) => text.replaceAll(/^if \(process\.env\['DEV'\] === 'true'\) \{$[\s\S]*?^\}$/gm, ''),
  },
  {
    file: 'ink/build/output.js',
    why: 'our own way for rows of plain text makes no object of each cell',
    change: (text) =>
      `${text.replace('export default class Output {', 'class Output {')}
import { rowOutput } from ${JSON.stringify(ROW_OUTPUT)};
export default rowOutput(Output);
`,
  },
  {
    file: 'ink/build/measure-text.js',
    why: 'the logs of the screen are one text, another one with each frame: 4096 of them are tens of megabytes',
    change: (text) => measuredByUs(replaced(text, 'maxSize: 4096', 'maxSize: 256')),
  },
  {
    file: 'ink/build/render-node-to-output.js',
    why: 'our own way of measuring looks up no character of a plain line',
    change: measuredByUs,
  },
  {
    file: 'yoga-layout/dist/binaries/yoga-wasm-base64-esm.js',
    why: 'who instantiates it (below) needs the code of the module',
    change: (text) => text.replace(/h\.instantiateWasm\(d,\s*a\)/, 'h.instantiateWasm(d,a,H)'),
  },
  {
    file: 'yoga-layout/dist/src/index.js',
    why: 'a CommonJS chunk awaits nothing: WebAssembly as small as this is instantiated at once',
    change: (text) =>
      text.replace('wrapAssembly(await loadYoga())', `wrapAssembly(assembly)`).replace(
        'const Yoga',
        `const assembly = {
  instantiateWasm(imports, ready, url) {
    const code = Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
    ready(new WebAssembly.Instance(new WebAssembly.Module(code), imports));
    return {};
  },
};
loadYoga(assembly);
const Yoga`,
      ),
  },
]

const OCLIF = /^(.*[\\/]@oclif[\\/]core[\\/]lib)[\\/].*\.js$/
const TOP_LEVEL_REQUIRE = /^(?:const|var) (\w+) = (__importDefault\(|__importStar\(|)require\("([^"]+)"\)\)?;$/gm

/**
 * Makes the top-level `const x = require('y')` of compiled TypeScript load on first use: oclif loads its help, its
 * template engine and its plugin loader at start, and a run needs none of them (17 of 55 ms).
 */
export function lazyRequires(text: string): string {
  const names: string[] = []
  const declared = text.replace(TOP_LEVEL_REQUIRE, (_line, name: string, wrap: string, module: string) => {
    names.push(name)
    const load = `${wrap}require(${JSON.stringify(module)})${wrap === '' ? '' : ')'}`
    return `let ${name}_value; const ${name}_load = () => ${name}_value ??= ${load};`
  })
  return names.reduce(
    (code, name) => code.replace(new RegExp(`(?<![.\\w$"'])${name}(?=[.)\\[])`, 'g'), `(${name}_load())`),
    declared,
  )
}

/** The changed text. Throws where a change has nothing to change. */
function patched({ file, why, change }: Replacement, text: string): string {
  const complaint = `The patch of ${file} no longer applies (${why})`
  try {
    const changed = change(text)
    if (changed !== text) return changed
  } catch (error) {
    throw new Error(`${complaint}: ${error instanceof Error ? error.message : error}`, { cause: error })
  }
  throw new Error(complaint)
}

/**
 * The changes to dependencies while bundling. The bundle is refused when one of them no longer applies to a file that is
 * part of it, so an update of a dependency cannot silently undo them.
 */
export function dependencyPatches(): Plugin {
  return {
    name: 'dependency-patches',
    setup(build) {
      let lazy = 0
      for (const replacement of REPLACEMENTS) {
        const filter = new RegExp(`${replacement.file.replaceAll('.', '\\.').replaceAll('/', '[\\\\/]')}$`)
        build.onLoad({ filter }, ({ path }) => {
          const text = readFileSync(path, 'utf8')
          const changed = patched(replacement, text)
          return { contents: OCLIF.test(path) ? lazyRequires(changed) : changed, loader: 'js' }
        })
      }
      build.onLoad({ filter: OCLIF }, ({ path }) => {
        const text = readFileSync(path, 'utf8')
        const changed = lazyRequires(text)
        if (changed !== text) lazy += 1
        return { contents: changed, loader: 'js' }
      })
      build.onEnd(() => {
        if (lazy < 20)
          return { errors: [{ text: `Only ${lazy} files of @oclif/core could be made lazy: its build changed.` }] }
        return undefined
      })
    },
  }
}

/**
 * What oclif takes that no command of ours comes to, packages and parts of its own: we find and load commands ourselves, write
 * our own help and errors, and show progress in our own way. It is two thirds of what every run would have to load.
 */
const UNUSED_BY_US = [
  ...['debug', 'ejs', 'lilconfig', 'tinyglobby', 'wrap-ansi'],
  ...['config/plugin-loader', 'help', 'help/index', 'module-loader', 'performance'],
  ...['ux/action/simple', 'ux/action/spinner', 'ux/colorize-json'],
]

/** Leaves these out of oclif; whoever comes to one all the same is told. Fails for one that oclif no longer takes. */
export function withoutUnusedParts(parts: readonly string[] = UNUSED_BY_US): Plugin {
  return {
    name: 'without-unused-parts',
    setup(build) {
      const left = new Set(parts)
      build.onResolve({ filter: /./ }, ({ path, importer }) => {
        const library = OCLIF.exec(importer)?.[1]
        if (library === undefined) return undefined
        const part = path.startsWith('.')
          ? relative(library, join(dirname(importer), path)).replaceAll('\\', '/')
          : path
        if (!parts.includes(part)) return undefined
        left.delete(part)
        return { path: part, namespace: 'unused' }
      })
      build.onLoad({ filter: /./, namespace: 'unused' }, ({ path }) => ({
        contents: `throw new Error(${JSON.stringify(`${path} is left out of @oclif/core`)})`,
      }))
      build.onEnd(() => ({
        errors: [...left].map((part) => ({ text: `@oclif/core no longer takes ${part}: its build changed.` })),
      }))
    },
  }
}

/** Native add-ons stay outside; what asks for them has a fallback in JavaScript. */
export function noNativeAddOns(): Plugin {
  return {
    name: 'no-native-add-ons',
    setup(build) {
      build.onResolve({ filter: /\.node$|^cpu-features$/ }, ({ path }) => ({ path, namespace: 'native' }))
      build.onLoad({ filter: /.*/, namespace: 'native' }, ({ path }) => ({
        contents: `throw new Error(${JSON.stringify(`${path} is not part of the bundle`)})`,
        loader: 'js',
      }))
    },
  }
}
