_novasim_completion() {
    local IFS=$'\n' line kind value
    COMPREPLY=()
    while read -r line; do
        kind=${line%%,*} value=${line#*,}
        case $kind in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain) COMPREPLY+=("$(printf %q "$value")") ;;
        esac
    done < <(COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD _NOVASIM_COMPLETE=bash_complete "$1" 2>/dev/null)
}

complete -o nosort -F _novasim_completion novasim
