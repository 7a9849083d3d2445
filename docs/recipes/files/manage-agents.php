<?php
// Creates an agent, edits it, disables it, and lists what is there: php manage-agents.php <dni> <name>

require __DIR__ . '/roster.php';

[, $dni, $name] = $argv;

// The key is new for each agent and the same in every repeat: here it comes from the dni.
[$created] = call(
    'POST',
    'configuration.php?api=create_agent',
    ['agent_dni' => $dni, 'agent_name' => $name],
    'create-' . rawurlencode($dni),
);
['agent_id' => $agentId, 'password' => $password] = $created['data'][0];
echo "created $agentId with the password $password\n";

// An absent field stays as it is; null takes the network user away.
call('PUT', "configuration.php?api=edit_agent&agent_id=$agentId", ['agent_name' => "$name (edited)"]);
call('PUT', 'configuration.php?api=disable_agent', ['agent_id' => $agentId]);

[$one] = call('GET', "information.php?api=agents&agent=$agentId");
echo "now: {$one['data'][0]['agent_name']}, enabled: {$one['data'][0]['enabled']}\n";

[, $headers] = call('GET', 'information.php?api=agents');
echo "{$headers['x-total-count']} agents in all\n";
