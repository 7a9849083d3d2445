"""Creates the agents of a CSV file, one by one: python3 create_agents.py agents.csv created.csv

Columns: agent_dni, agent_name, agent_sso (may be empty). Run it again after a break, with the same two files: rows that
are in created.csv are left out, and a create whose answer was lost gets the first answer again.
"""

import csv
import os
import sys
from urllib.parse import quote

from roster import RosterError, call

source, target = sys.argv[1:3]
done = set()
if os.path.exists(target):
    with open(target, newline="", encoding="utf-8") as file:
        done = {row["agent_dni"] for row in csv.DictReader(file)}

refused = 0
# Passwords go into this file: only its owner may read it.
descriptor = os.open(target, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
with open(source, newline="", encoding="utf-8-sig") as rows, open(descriptor, "a", newline="", encoding="utf-8") as out:
    writer = csv.writer(out, lineterminator="\n")
    if os.fstat(descriptor).st_size == 0:
        writer.writerow(["agent_dni", "agent_id", "password"])
    for row in csv.DictReader(rows):
        dni = row["agent_dni"].strip()
        if dni in done:
            continue
        body = {"agent_dni": dni, "agent_name": row["agent_name"], "agent_sso": row["agent_sso"]}
        try:
            answer, _ = call("POST", "configuration.php?api=create_agent", body, key="import-" + quote(dni, safe=""))
        except RosterError as error:
            if error.status in (401, 403):
                raise  # the token: no other row will fare better
            refused += 1
            print(f"{dni}: {error}", file=sys.stderr)
            continue
        agent = answer["data"][0]
        writer.writerow([dni, agent["agent_id"], agent["password"]])
        out.flush()
        os.fsync(descriptor)
        done.add(dni)

print(f"{len(done)} agents are in {target}, {refused} rows were refused")
sys.exit(1 if refused else 0)
