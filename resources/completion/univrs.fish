# fish completion of univrs: univrs completion fish | source
function __univrs_complete
  set -l words (commandline -opc) (commandline -ct)
  set -e words[1]
  for line in (univrs __complete -- $words 2>/dev/null)
    if test "$line" = ":files"
      __fish_complete_path (commandline -ct)
    else
      echo $line
    end
  end
end
complete -c univrs -f -a '(__univrs_complete)'
