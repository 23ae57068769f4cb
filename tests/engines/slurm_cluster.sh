#!/usr/bin/env bash
# A Slurm cluster of one node with two cores on this machine, for tests; it needs the
# programs of Debian's packages slurm-wlm and munge, and neither systemd nor cgroups.
#
#   cluster.sh start <folder> [port]   starts munged, slurmctld and slurmd and waits until
#                                      the node is idle; everything they write is in <folder>
#   cluster.sh stop <folder>           ends them
#
# Whoever uses the cluster sets SLURM_CONF=<folder>/slurm.conf.
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,9s/^# \?//p' "$0"; exit 2; }
mkdir -p "$2"
folder=$(cd "$2" && pwd)
export SLURM_CONF="$folder/slurm.conf" PATH="$PATH:/usr/sbin"

start() {
  local port=$1 user host
  user=$(id -un) host=$(hostname -s)
  # munged trusts no socket in a folder that others may write to.
  chmod 700 "$folder"
  mkdir -p "$folder/state" "$folder/spool"
  (umask 077 && head -c 128 /dev/urandom >"$folder/munge.key")
  cat >"$SLURM_CONF" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
CredType=cred/munge
# A task that is requeued waits until its first credential has expired, 120 s by default.
AuthInfo=socket=$folder/munge.socket,cred_expire=5
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SwitchType=switch/none
ReturnToService=2
KillWait=1
SchedulerType=sched/builtin
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
# Two cores, whatever the machine has.
SlurmdParameters=config_overrides
NodeName=node1 NodeHostname=$host NodeAddr=127.0.0.1 CPUs=2 RealMemory=8000 State=UNKNOWN
PartitionName=main Nodes=node1 Default=YES MaxTime=INFINITE State=UP
CONF
  munged --force --key-file="$folder/munge.key" --socket="$folder/munge.socket" \
    --pid-file="$folder/munged.pid" --log-file="$folder/munged.log" \
    --seed-file="$folder/munged.seed" 2>"$folder/munged.err"
  slurmctld -c
  slurmd -N node1 -c
  for _ in $(seq 200); do
    [ "$(sinfo -h -o %t 2>/dev/null)" = idle ] && return
    sleep 0.1
  done
  echo "Cannot start Slurm in \"$folder\": its node is not idle after 20 seconds" >&2
  tail -n 5 "$folder"/*.log >&2
  return 1
}

stop() {
  local name pid pids=()
  timeout 5 scancel --quiet --user="$(id -un)" 2>/dev/null || true
  for name in slurmd slurmctld munged; do
    [ -s "$folder/$name.pid" ] && pids+=("$(cat "$folder/$name.pid")")
  done
  [ ${#pids[@]} -gt 0 ] || return 0
  kill "${pids[@]}" 2>/dev/null || return 0
  for _ in $(seq 30); do
    kill -0 "${pids[@]}" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -KILL "${pids[@]}" 2>/dev/null || true
}

case $1 in
  start) start "${3:-26817}" || { stop; exit 1; } ;;
  stop) stop ;;
  *) sed -n '2,9s/^# \?//p' "$0"; exit 2 ;;
esac
