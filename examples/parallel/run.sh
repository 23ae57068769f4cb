#!/bin/bash
# Runs a task of this project in parts, by GNU parallel on the cores of this machine.
# Started again, it does only what is missing or has failed:
#
#   examples/parallel/run.sh 8 predict "photos/*.jpg" --format json --out graphs
#   examples/parallel/run.sh 8 eval <model> --workers 1 --state "states/{}.safetensors"
#
# "{}" is the number of the part. CHECKOUT is the folder of the checkout, if the current one
# is another; LOG is parallel's list of what is done, jobs-<task>.log by default.
set -u
parts=$1
shift
parallel --quote --tag --joblog "${LOG:-jobs-$1.log}" --resume-failed \
  deno task --quiet --config "${CHECKOUT:-.}/deno.json" "$@" --shard "{}/$parts" --quiet \
  ::: $(seq "$parts")
