/** A command as people run it. */
export interface Scenario {
  readonly words: readonly string[]
  /** For a program that is used by keys: what is pressed once the screen shows a text. */
  readonly keys?: readonly { readonly sees: string; readonly press: string }[]
}

const shell = (line: string): Scenario => ({ words: line.split(' ') })

/** What V8 learns from first, on an engine where all goes well: the road to what is run every day. */
export const road: readonly Scenario[] = [
  shell('init -i lab --template bench --no-input'),
  shell('config validate -i lab'),
  shell('config show -i lab'),
  shell('env list -i lab'),
  shell('templates list'),
  shell('doctor -i lab'),
  shell('plan -i lab'),
  shell('deploy -i lab --yes'),
  shell('releases -i lab'),
  shell('completion bash'),
  shell('complete -- deploy --'),
  shell('help deploy'),
]

/** What is run every day, and is to be there at once. What is run most comes last: what V8 has just used it keeps for sure. */
export const everyDay: readonly Scenario[] = [
  {
    words: ['tui', '-i', 'lab'],
    keys: [
      { sees: 'postgres', press: ':' },
      { sees: 'Commands', press: '\u001b' },
      { sees: 'postgres', press: 'q' },
    ],
  },
  shell('status -i lab'),
  shell('deploy -i lab --yes'),
  shell('deploy -i lab --yes --json'),
  shell('status -i lab --json'),
  shell('--help'),
  shell('version'),
]
