_sigrun() {
  local -a before values shown space
  local line value description paths='' tab=$'\t'
  (( CURRENT > 2 )) && before=("${(@Q)words[2,CURRENT-1]}")
  while IFS= read -r line; do
    value=${line%%$tab*}
    case $value in
      (:files | :folders) paths=${value#:} ;;
      (:goes-on) space=(-S '') ;;
      (?*)
        values+=("$value")
        description=${line#*$tab}
        [[ $line == *$tab* ]] && shown+=("$value  -- $description") || shown+=("$value")
        ;;
    esac
  done < <(sigrun __complete "${before[@]}" "${(Q)PREFIX}" 2>/dev/null </dev/null)
  if [[ -n $paths ]]; then
    [[ $PREFIX == --*=* ]] && compset -P '*='
    [[ $paths == folders ]] && _files -/ || _files
    return
  fi
  (( ${#values} )) && compadd -l -V sigrun -d shown $space -a values
}
if [[ ${funcstack[1]} == _sigrun ]]; then
  _sigrun "$@"
else
  (( ${+functions[compdef]} )) || { autoload -Uz compinit && compinit; }
  compdef _sigrun sigrun
fi
