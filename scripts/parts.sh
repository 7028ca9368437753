# Sourced by the scripts that run in parts: names each part, times it, and prints the table at the end.

parts_table=()
parts_failed=0

# part NAME COMMAND...: runs the command; a failure is remembered and the next parts still run.
part() {
    local name=$1 start=$SECONDS status=0
    shift
    printf '\n== %s\n' "$name"
    "$@" || status=$?
    local verdict=ok
    if [ "$status" -ne 0 ]; then
        verdict="FAILED ($status)"
        parts_failed=1
    fi
    parts_table+=("$(printf '%-34s %6d s  %s' "$name" $((SECONDS - start)) "$verdict")")
    return 0
}

# parts_end TITLE: prints how long each part took; its status is that of the whole run.
parts_end() {
    printf '\n-- %s: how long each part took\n' "$1"
    printf '%s\n' "${parts_table[@]}"
    printf '%-34s %6d s\n' total "$SECONDS"
    return "$parts_failed"
}
