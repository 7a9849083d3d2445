/** Creates an agent, edits it, disables it, and lists what is there: node manage-agents.mjs <dni> <name> */
import { call } from './roster.mjs';

const [dni, name] = process.argv.slice(2);

// The key is new for each agent and the same in every repeat: here it comes from the dni.
const created = await call(
  'POST',
  'configuration.php?api=create_agent',
  { agent_dni: dni, agent_name: name },
  `create-${encodeURIComponent(dni)}`,
);
const [{ agent_id: agentId, password }] = created.answer.data;
console.log(`created ${agentId} with the password ${password}`);

// An absent field stays as it is; null takes the network user away.
await call('PUT', `configuration.php?api=edit_agent&agent_id=${agentId}`, { agent_name: `${name} (edited)` });
await call('PUT', 'configuration.php?api=disable_agent', { agent_id: agentId });

const one = await call('GET', `information.php?api=agents&agent=${agentId}`);
console.log(`now: ${one.answer.data[0].agent_name}, enabled: ${one.answer.data[0].enabled}`);

const everyone = await call('GET', 'information.php?api=agents');
console.log(`${everyone.headers.get('x-total-count')} agents in all`);
