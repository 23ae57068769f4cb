#!/bin/bash
# One part of a task of this project, as a job of a Slurm array. In the checkout:
#
#   sbatch --array=1-8 examples/slurm/job.sh predict "photos/*.jpg" --format json --out graphs
#   sbatch --array=1-8 examples/slurm/job.sh eval <model> --workers 1 --state "states/{}.safetensors"
#
# "{}" is the number of the part. CHECKOUT is the folder of the checkout, if the current one
# is another.
#SBATCH --job-name=scene-graphs
#SBATCH --output=%x-%A_%a.log
#SBATCH --open-mode=append
#SBATCH --cpus-per-task=1
#SBATCH --mem=2G
#SBATCH --requeue
set -u
attempt=$((${SLURM_RESTART_COUNT:-0} + 1))
echo "$1, part $SLURM_ARRAY_TASK_ID, attempt $attempt"

deno task --quiet --config "${CHECKOUT:-.}/deno.json" \
  "${@//\{\}/$SLURM_ARRAY_TASK_ID}" --shard job --quiet
code=$?

# What may pass by itself (75) is tried again, three times at most. The job is not named by
# SLURM_JOB_ID: for one job of the array that is the number of the whole array.
if [ $code -eq 75 ] && [ $attempt -le 3 ]; then
  scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
fi
exit $code
