_sigrun() {
  # Bash cuts words at = and :, which belong to a word here.
  local -a words=()
  local word glued='' last=${COMP_WORDS[COMP_CWORD]}
  for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if [[ ${#words[@]} -gt 0 && ($word == [=:]* || -n $glued) ]]; then
      words[${#words[@]} - 1]+=$word
      [[ $word == [=:]* ]] && glued=1 || glued=''
    else
      words+=("$word")
    fi
  done
  [[ $last == [=:]* ]] && last=''
  local current=${words[${#words[@]} - 1]}
  local before=${current%"$last"} value
  COMPREPLY=()
  while IFS=$'\t' read -r value _; do
    case $value in
      :files)
        compopt -o filenames 2>/dev/null
        while IFS= read -r value; do COMPREPLY+=("$value"); done < <(compgen -f -- "$last")
        ;;
      :folders)
        compopt -o filenames 2>/dev/null
        while IFS= read -r value; do COMPREPLY+=("$value"); done < <(compgen -d -- "$last")
        ;;
      :goes-on) compopt -o nospace 2>/dev/null ;;
      ?*)
        value=${value#"$before"}
        [[ $value == "$last"* ]] && COMPREPLY+=("$value")
        ;;
    esac
  done < <(sigrun __complete "${words[@]}" 2>/dev/null </dev/null)
}
complete -F _sigrun sigrun
