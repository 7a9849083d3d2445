"""Creates an agent, edits it, disables it, and lists what is there: python3 manage_agents.py <dni> <name>"""

import sys
from urllib.parse import quote

from roster import call

dni, name = sys.argv[1:3]

# The key is new for each agent and the same in every repeat: here it comes from the dni.
created, headers = call(
    "POST",
    "configuration.php?api=create_agent",
    {"agent_dni": dni, "agent_name": name},
    key="create-" + quote(dni, safe=""),
)
agent_id, password = created["data"][0]["agent_id"], created["data"][0]["password"]
print(f"created {agent_id} with the password {password}")

# An absent field stays as it is; None (null) takes the network user away.
call("PUT", f"configuration.php?api=edit_agent&agent_id={agent_id}", {"agent_name": name + " (edited)"})
call("PUT", "configuration.php?api=disable_agent", {"agent_id": agent_id})

one, _ = call("GET", f"information.php?api=agents&agent={agent_id}")
print(f"now: {one['data'][0]['agent_name']}, enabled: {one['data'][0]['enabled']}")

everyone, headers = call("GET", "information.php?api=agents")
print(f"{headers['X-Total-Count']} agents in all")
