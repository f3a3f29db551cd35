function __sigrun_complete
    set -l words (commandline -opc)
    set -e words[1]
    set -l current (commandline -ct)
    for line in (sigrun __complete $words "$current" 2>/dev/null </dev/null)
        switch $line
            case :files :folders
                set -l flag (string match -r -- '^--[^=]*=' "$current")
                set -l typed (string replace -r -- '^--[^=]*=' '' "$current")
                if test $line = :folders
                    printf "$flag%s\n" (__fish_complete_directories "$typed")
                else
                    printf "$flag%s\n" (__fish_complete_path "$typed")
                end
            case :goes-on
            case '*'
                echo $line
        end
    end
end
complete -c sigrun -f -k -a '(__sigrun_complete)'
