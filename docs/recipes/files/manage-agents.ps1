# Creates an agent, edits it, disables it, and lists what is there: pwsh manage-agents.ps1 <dni> <name>
param([Parameter(Mandatory)] [string] $Dni, [Parameter(Mandatory)] [string] $Name)
$ErrorActionPreference = 'Stop'
. "$PSScriptRoot/Roster.ps1"

# The key is new for each agent and the same in every repeat: here it comes from the dni.
$key = 'create-' + [uri]::EscapeDataString($Dni)
$created = Invoke-Roster POST 'configuration.php?api=create_agent' @{ agent_dni = $Dni; agent_name = $Name } $key
$agent = $created.Answer.data[0]
"created $($agent.agent_id) with the password $($agent.password)"

# An absent field stays as it is; $null takes the network user away.
$edit = "configuration.php?api=edit_agent&agent_id=$($agent.agent_id)"
$null = Invoke-Roster PUT $edit @{ agent_name = "$Name (edited)" }
$null = Invoke-Roster PUT 'configuration.php?api=disable_agent' @{ agent_id = $agent.agent_id }

$one = (Invoke-Roster GET "information.php?api=agents&agent=$($agent.agent_id)").Answer.data[0]
"now: $($one.agent_name), enabled: $($one.enabled)"

$everyone = Invoke-Roster GET 'information.php?api=agents'
"$($everyone.Headers['X-Total-Count']) agents in all"
