"""One request to Roster, repeated where that is safe. Python's standard library only."""

import http.client
import json
import os
import time
import urllib.error
import urllib.request

URL = os.environ.get("ROSTER_URL", "http://127.0.0.1:8080")
TOKEN = os.environ["ROSTER_TOKEN"]
TRIES = 8
LONGEST_WAIT = 60  # seconds; a longer Retry-After is that of a daily limit


class RosterError(Exception):
    """Roster refused the request. Repeating it as it is will not help."""

    def __init__(self, status, answer, request_id):
        self.status = status
        self.details = answer.get("details") or []
        problems = "; ".join(f"{d['field']} {d['problem']}" for d in self.details)
        super().__init__(f"{status} {answer.get('msg')} {problems} [{request_id}]")


def call(method, api, body=None, key=None):
    """Gives (answer, headers). Every repeat sends the same body and the same key."""
    headers = {"wolkvox-token": TOKEN, "Content-Type": "application/json"}
    if key is not None:
        headers["Idempotency-Key"] = key
    data = None if body is None else json.dumps(body).encode()
    for attempt in range(1, TRIES + 1):
        status, answer, received = send(method, api, data, headers)
        if status is not None and status < 300:
            return answer, received
        wait = seconds_to_wait(status, received, attempt)
        if wait is None:
            raise RosterError(status, answer, received.get("x-request-id"))
        time.sleep(wait)
    raise TimeoutError(f"no success after {TRIES} tries; the last status was {status}")


def send(method, api, data, headers):
    """One try. The status is None when the answer did not arrive: the agent may exist all the same."""
    request = urllib.request.Request(f"{URL}/api/v2/{api}", data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, json.load(response), response.headers
    except urllib.error.HTTPError as error:
        return error.code, read_failure(error), error.headers
    except (OSError, http.client.HTTPException, ValueError):
        return None, {}, {}


def read_failure(error):
    try:
        return json.load(error)
    except (OSError, http.client.HTTPException, ValueError):
        return {}  # a proxy's own page


def seconds_to_wait(status, headers, attempt):
    """How long to wait before the same request is sent again; None: do not repeat it."""
    retry_after = headers.get("Retry-After", "")
    if retry_after.isdigit():
        return int(retry_after) if int(retry_after) <= LONGEST_WAIT else None
    return min(2 ** (attempt - 1), 30) if status in (None, 408, 502, 503, 504) else None
