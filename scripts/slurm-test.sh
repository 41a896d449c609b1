#!/usr/bin/env bash
# Starts a SLURM of two nodes on this machine, in a folder of its own, and runs a sweep on it during
# which tasks are cancelled and killed, a node is drained, and the sweep itself is killed and begun
# again. Fails unless every cell is there once and is what it is without a cluster.
#
# Needs Debian's slurm-wlm and munge, and root, as the nodes' daemons do.
#
#   scripts/slurm-test.sh [EXTRACT]
set -euo pipefail
cd "$(dirname "$0")/.."

extract=$(realpath "${1:-.build/release/extract}")
for program in munged slurmctld slurmd sbatch squeue; do
  command -v "$program" >/dev/null || PATH=$PATH:/usr/sbin:/sbin
  command -v "$program" >/dev/null || {
    echo "$program is missing: apt-get install slurm-wlm munge" >&2
    exit 1
  }
done

place=$(mktemp -d)
chmod 755 "$place"
daemons=()
stop() {
  status=$?
  trap - EXIT
  # Of this cluster alone, which SLURM_CONF names.
  if [ ${#daemons[@]} -gt 1 ]; then scancel --user="$(id -un)" 2>/dev/null || true; fi
  for ((i = ${#daemons[@]} - 1; i >= 0; i--)); do kill "${daemons[i]}" 2>/dev/null || true; done
  wait 2>/dev/null || true
  if [ "$status" -ne 0 ]; then
    tail -n 15 "$place"/*.log >&2 || true
    echo "The cluster's files are kept in $place." >&2
  else
    rm -rf "$place"
  fi
  exit "$status"
}
trap stop EXIT

# --- A cluster -------------------------------------------------------------------------------

host=$(hostname -s)
port=$((20000 + RANDOM % 20000))
export SLURM_CONF=$place/slurm.conf
mkdir "$place/state" "$place/spool-n1" "$place/spool-n2"
cat >"$SLURM_CONF" <<CONF
ClusterName=sweep
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$place/munge.socket
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_min_interval=100000,batch_sched_delay=0
StateSaveLocation=$place/state
SlurmdSpoolDir=$place/spool-%n
SlurmctldPidFile=$place/slurmctld.pid
SlurmdPidFile=$place/slurmd-%n.pid
SlurmdParameters=config_overrides
ReturnToService=2
MaxArraySize=9
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=2 State=UNKNOWN
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=2 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
head -c 1024 /dev/urandom >"$place/munge.key"
chmod 600 "$place/munge.key"

begin() {
  local name=$1
  shift
  "$@" >"$place/$name.log" 2>&1 &
  daemons+=($!)
}
begin munged munged --foreground --force --key-file="$place/munge.key" \
  --socket="$place/munge.socket" --pid-file="$place/munged.pid" --log-file="$place/munged-own.log" \
  --seed-file="$place/munged.seed"
until [ -S "$place/munge.socket" ]; do sleep 0.1; done
begin slurmctld slurmctld -D
begin n1 slurmd -D -N n1
begin n2 slurmd -D -N n2

# Waits until a command succeeds, for at most a minute.
await() {
  for _ in $(seq 600); do
    if "$@" >/dev/null 2>&1; then return 0; fi
    sleep 0.1
  done
  echo "waited in vain for: $*" >&2
  return 1
}
idle() { [ "$(sinfo --noheader --Node --states=idle --format=%N | wc -l)" -eq 2 ]; }
await idle
echo "SLURM $(sinfo --version | cut -d ' ' -f 2) runs with nodes n1 and n2."

# --- A sweep that much happens to ------------------------------------------------------------

cells=(--gain 0.1:1:6 --fraction 0.2:1:4 --seeds 2 --hidden 12 --max-length 7 --epochs 1500)
total=48
sweep() {
  "$extract" sweep "${cells[@]}" --out "$place/cluster" --engine slurm --poll 0.5 \
    --cells-per-task 2 --time 10 --partition all --array-limit 4 --sbatch-option=--comment=test
}
sweep >"$place/first.log" 2>&1 &
first=$!

tasks() { squeue --noheader --array --states=running --format=%A "$@"; }
results() { cat "$place"/cluster/tasks/*/*.jsonl 2>/dev/null | grep -c . || true; }
some() { [ "$(results)" -ge "$1" ] && [ -n "$(tasks)" ]; }

await some 3
task=$(tasks | head -n 1)
scancel "$task"
echo "Cancelled a task after $(results) results."

await some 6
# The process of a task itself, as if memory had run out.
pid=$(pgrep -f -- "--out $place/cluster --worker" | head -n 1)
kill -KILL "$pid"
echo "Killed a task after $(results) results."

await some 9
scontrol update nodename=n1 state=drain reason=test
echo "Drained n1 after $(results) results."

kill -KILL "$first"
wait "$first" 2>/dev/null || true
echo "Killed the sweep itself; its tasks go on."
sweep
scontrol update nodename=n1 state=resume

# --- What is to be true ----------------------------------------------------------------------

"$extract" sweep "${cells[@]}" --out "$place/local" >/dev/null
# All but the time that it took.
rows() { cut -d , -f 1-12 "$1/cells.csv"; }
[ "$(rows "$place/cluster" | tail -n +2 | wc -l)" -eq "$total" ]
[ "$(rows "$place/cluster" | tail -n +2 | cut -d , -f 1-3 | sort -u | wc -l)" -eq "$total" ]
diff <(rows "$place/local") <(rows "$place/cluster")
rounds=$(find "$place/cluster/submissions" -name '*.job' | wc -l)
# What was lost was submitted again, in an array of its own or in one that had room.
[ "$(cat "$place"/cluster/submissions/*.txt | wc -w)" -gt "$total" ]
echo "Every one of $total cells is there once, as without a cluster, after $rounds job arrays."

if "$extract" sweep "${cells[@]}" --out "$place/refused" --engine slurm --partition nowhere \
  2>"$place/refused.log"; then
  echo "a partition that is not there was accepted" >&2
  exit 1
fi
grep -q "^Error: sbatch refused the job: .*partition" "$place/refused.log"
cat "$place/refused.log"
