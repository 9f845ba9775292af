function _novasim_completion
    set -l option (string match -r -- '^--[^=]+=' (commandline -t))
    set -l answer (env _NOVASIM_COMPLETE=fish_complete COMP_WORDS=(commandline -cp | string collect) \
        COMP_CWORD=(commandline -t | string collect) novasim 2>/dev/null)
    for line in $answer
        set -l parts (string split -m 1 , -- $line)
        switch $parts[1]
            case dir
                __fish_complete_directories $parts[2]
            case file
                __fish_complete_path $parts[2]
            case plain
                echo "$option$parts[2]"
        end
    end
end

complete --no-files --keep-order --command novasim --arguments "(_novasim_completion)"
