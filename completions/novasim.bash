_novasim_completion() {
    local IFS=$'\n' line kind value rest=${COMP_LINE:0:COMP_POINT} word part i
    local -a words=()
    # Bash splits words at "=", ":" and "@", too; join what no space separates.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ $i -eq 0 || $rest == [[:space:]]* ]]; then
            rest=${rest#"${rest%%[![:space:]]*}"}
            words+=("$word")
        else
            words[${#words[@]}-1]+=$word
        fi
        rest=${rest#"$word"}
    done
    # Bash replaces only the last part, with an "@" before it. Click answers without the option of --option=value.
    word=${words[${#words[@]}-1]} part=${COMP_WORDS[COMP_CWORD]}
    [[ $part == [=:@]* ]] && part=
    part=${word%"$part"}
    part=${part%@}
    [[ $part == --*=* ]] && part=${part#*=}
    COMPREPLY=()
    while read -r line; do
        kind=${line%%,*} value=${line#*,}
        case $kind in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain)
                [[ $value == *= ]] && compopt -o nospace
                value=$(printf %q "${value#"$part"}")
                COMPREPLY+=("${value//\\,/,}")
                ;;
        esac
    done < <(COMP_WORDS="${words[*]}" COMP_CWORD=$((${#words[@]} - 1)) _NOVASIM_COMPLETE=bash_complete "$1" 2>/dev/null)
}

complete -o nosort -F _novasim_completion novasim
