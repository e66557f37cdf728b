import { getRawAsset } from 'node:sea'
import { readContents } from './contents.ts'
import { createLoader } from './loader.ts'
import { tellWhatIsLoaded } from './loading-report.ts'

/** What Node runs in the executable. */
const contents = readContents(Buffer.from(getRawAsset('ddalab')))
const load = createLoader(contents.chunk, tellWhatIsLoaded(process.env.DDALAB_LOADING_REPORT))
load('executable.js').start({ paths: contents.paths, read: contents.file, load })
