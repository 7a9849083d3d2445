# One request to Roster with curl, repeated where that is safe. For bash; to be sourced.
#
#   call METHOD API [BODY [KEY]]
#
# puts the status into $status, the body of the answer into $answer and its headers into the file $headers. Gives 0 for a
# success, 1 for a refusal that a repeat would not change, 2 when there was no success after all tries.

url=${ROSTER_URL:-http://wv0001.localhost:8080}
tries=8
longest_wait=60 # seconds; a longer Retry-After is that of a daily limit
headers=$(mktemp)
trap 'rm -f "$headers"' EXIT

call() {
  local method=$1 api=$2 body=${3-} key=${4-} attempt retry_after
  local options=(--silent --max-time 30 --request "$method" --dump-header "$headers" --write-out '\n%{http_code}')
  if [[ -n $body ]]; then options+=(--header 'Content-Type: application/json' --data-binary "$body"); fi
  if [[ -n $key ]]; then options+=(--header "Idempotency-Key: $key"); fi
  for ((attempt = 1; attempt <= tries; attempt++)); do
    : >"$headers"
    # The token goes through a file descriptor: other users of this machine can see a command's arguments. A status of
    # 000 says that the answer did not arrive whole: the agent may exist all the same.
    answer=$(curl "${options[@]}" --header @<(printf 'wolkvox-token: %s\n' "$ROSTER_TOKEN") "$url/api/v2/$api") ||
      answer=$'\n000'
    status=${answer##*$'\n'}
    answer=${answer%$'\n'*}
    if [[ $status == 2?? ]]; then return 0; fi
    retry_after=$(header Retry-After)
    if [[ $retry_after =~ ^[0-9]+$ ]]; then
      if ((retry_after > longest_wait)); then return 1; fi
      sleep "$retry_after"
    elif [[ $status =~ ^(000|408|502|503|504)$ ]]; then
      sleep $((attempt < 6 ? 1 << (attempt - 1) : 30))
    else
      return 1
    fi
  done
  return 2
}

# A header of the last answer.
header() {
  sed -n "s/^$1: *\([^[:cntrl:]]*\).*/\1/Ip" "$headers" | tail -n 1
}
