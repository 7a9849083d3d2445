#!/usr/bin/env bash
# Creates the agents of a CSV file, one by one: bash create-agents.sh agents.csv created.csv
# Needs curl and jq. The token is in the environment: ROSTER_TOKEN.
#
# Columns in this order: agent_dni, agent_name, agent_sso (may be empty). No field may hold a comma or a quotation mark:
# for such files take one of the other recipes. Run it again after a break, with the same two files: rows that are in
# created.csv are left out, and a create whose answer was lost gets the first answer again.
set -euo pipefail
source "$(dirname "$0")/roster.sh"

source_file=$1
target=$2
umask 077 # passwords go into the file: only its owner may read it
if [[ ! -s $target ]]; then echo 'agent_dni,agent_id,password' >"$target"; fi
declare -A done=()
while IFS=, read -r dni _; do done[$dni]=1; done < <(tail -n +2 "$target")

refused=0
while IFS=, read -r dni name sso; do
  if [[ -z $dni || -n ${done[$dni]-} ]]; then continue; fi
  if [[ $dni$name$sso == *\"* || $sso == *,* ]]; then
    refused=$((refused + 1))
    echo "$dni: a comma or a quotation mark in a field" >&2
    continue
  fi
  body=$(jq -cn --arg dni "$dni" --arg name "$name" --arg sso "$sso" \
    '{agent_dni: $dni, agent_name: $name, agent_sso: $sso}')
  key=import-$(jq -rn --arg dni "$dni" '$dni | @uri')
  outcome=0
  call POST 'configuration.php?api=create_agent' "$body" "$key" || outcome=$?
  if ((outcome == 0)); then
    jq -r --arg dni "$dni" '.data[0] | "\($dni),\(.agent_id),\(.password)"' <<<"$answer" >>"$target"
    sync "$target"
    done[$dni]=1
  elif ((outcome == 2)) || [[ $status == 401 || $status == 403 ]]; then
    echo "$dni: $status $answer" >&2 # no other row will fare better
    exit 1
  else
    refused=$((refused + 1))
    echo "$dni: $status $answer" >&2
  fi
done < <(tail -n +2 "$source_file" | tr -d '\r')

echo "${#done[@]} agents are in $target, $refused rows were refused"
((refused == 0))
