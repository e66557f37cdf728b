import { FILES } from './complete.ts'

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type ShellName = (typeof SHELLS)[number]

/** All three ask the hidden command `ddalab complete`, so they fit every version of the program. */
const SCRIPTS: { readonly [shell in ShellName]: string } = {
  bash: `# ddalab completion for bash
_ddalab() {
  local line="\${COMP_LINE:0:COMP_POINT}" current="\${COMP_WORDS[COMP_CWORD]}" value description partial
  local -a words
  read -ra words <<< "$line"
  if [[ $line == *[[:space:]] ]]; then words+=(""); fi
  partial="\${words[\${#words[@]}-1]}"
  if [[ $current == "=" ]]; then current=""; fi
  COMPREPLY=()
  while IFS=$'\\t' read -r value description; do
    if [[ $value == "${FILES}" ]]; then compopt -o default 2>/dev/null; continue; fi
    COMPREPLY+=("\${value#"\${partial%"$current"}"}")
  done < <("\${words[0]}" complete -- "\${words[@]:1}" 2>/dev/null)
}
complete -F _ddalab ddalab
`,
  zsh: `#compdef ddalab
# ddalab completion for zsh
_ddalab() {
  local -a candidates
  local value description
  while IFS=$'\\t' read -r value description; do
    if [[ $value == "${FILES}" ]]; then _files; return; fi
    candidates+=("\${value//:/\\\\:}\${description:+:$description}")
  done < <("\${words[1]}" complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)
  _describe 'ddalab' candidates
}
if [[ "\${funcstack[1]}" == "_ddalab" ]]; then _ddalab; else compdef _ddalab ddalab; fi
`,
  fish: `# ddalab completion for fish
function __ddalab_complete
  set -l words (commandline -opc)
  set -l partial (commandline -ct)
  for line in (command $words[1] complete -- $words[2..-1] "$partial" 2>/dev/null)
    if test "$line" = "${FILES}"
      __fish_complete_path "$partial"
    else
      echo $line
    end
  end
end
complete -c ddalab -f -a '(__ddalab_complete)'
`,
}

export function completionScript(shell: ShellName): string {
  return SCRIPTS[shell]
}
