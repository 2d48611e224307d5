#!/bin/sh
# Says in three lines whether the infrastructure has drifted; silent in folders that did not ask for it.
[ -f .drift-watch ] || exit 0
command -v terraform >/dev/null || exit 0
terraform plan -refresh-only -detailed-exitcode -no-color >.drift-watch.plan 2>/dev/null
case $? in
  0) exit 0 ;;
  2) grep -E '^  # ' .drift-watch.plan | head -3 ;;
  *) echo "drift-watch could not make a plan; see .drift-watch.plan" ;;
esac
