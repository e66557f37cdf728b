/**
 * `npm run bench`: beside Docker Compose; `npm run bench -- tui`: the figures of the dashboard; `-- logs`: its logs alone;
 * `-- executable`: the one file, beside Node and Compose.
 */
const what = process.argv[2]
if (what === 'tui') await import('./tui.ts')
else if (what === 'logs') await import('./tui-logs.ts')
else if (what === 'executable') await import('./executable.ts')
else await import('./compose.ts')

export {}
