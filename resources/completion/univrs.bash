# bash completion of univrs: source <(univrs completion bash)
_univrs() {
  local words=("${COMP_WORDS[@]:1:COMP_CWORD}") line cur="${COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == ":files" ]]; then
      compopt -o default 2>/dev/null
      local file
      while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen -f -- "$cur")
    else
      COMPREPLY+=("${line%%$'\t'*}")
    fi
  done < <(univrs __complete -- "${words[@]}" 2>/dev/null)
}
complete -F _univrs univrs
