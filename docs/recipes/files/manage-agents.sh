#!/usr/bin/env bash
# Creates an agent, edits it, disables it, and lists what is there: bash manage-agents.sh <dni> <name>
# Needs curl and jq. The token is in the environment: ROSTER_TOKEN.
set -euo pipefail
source "$(dirname "$0")/roster.sh"
trap 'echo "$status $answer" >&2' ERR

dni=$1
name=$2

# The key is new for each agent and the same in every repeat: here it comes from the dni.
body=$(jq -cn --arg dni "$dni" --arg name "$name" '{agent_dni: $dni, agent_name: $name}')
call POST 'configuration.php?api=create_agent' "$body" "create-$(jq -rn --arg dni "$dni" '$dni | @uri')"
agent_id=$(jq -r '.data[0].agent_id' <<<"$answer")
echo "created $agent_id with the password $(jq -r '.data[0].password' <<<"$answer")"

# An absent field stays as it is; null takes the network user away.
call PUT "configuration.php?api=edit_agent&agent_id=$agent_id" \
  "$(jq -cn --arg name "$name (edited)" '{agent_name: $name}')"
call PUT 'configuration.php?api=disable_agent' "{\"agent_id\": \"$agent_id\"}"

call GET "information.php?api=agents&agent=$agent_id"
jq -r '.data[0] | "now: \(.agent_name), enabled: \(.enabled)"' <<<"$answer"

call GET 'information.php?api=agents'
echo "$(header X-Total-Count) agents in all"
