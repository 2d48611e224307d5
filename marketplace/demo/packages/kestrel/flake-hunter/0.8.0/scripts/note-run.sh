#!/bin/sh
# Notes the time of each shell command that looks like a test run, for the hunt's own record.
input=$(cat)
case "$input" in
  *pytest*|*vitest*|*"go test"*|*"cargo test"*|*rspec*) ;;
  *) exit 0 ;;
esac
mkdir -p .flakes
printf '%s\t%s\n' "$(date -u +%FT%TZ)" "test run" >> .flakes/runs.tsv
