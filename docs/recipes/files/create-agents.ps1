# Creates the agents of a CSV file, one by one: pwsh create-agents.ps1 agents.csv created.csv
#
# Columns: agent_dni, agent_name, agent_sso (may be empty). Run it again after a break, with the same two files: rows that
# are in created.csv are left out, and a create whose answer was lost gets the first answer again.
param([Parameter(Mandatory)] [string] $Source, [Parameter(Mandatory)] [string] $Target)
$ErrorActionPreference = 'Stop'
. "$PSScriptRoot/Roster.ps1"

$done = [System.Collections.Generic.HashSet[string]]::new()
if (Test-Path $Target) { Import-Csv $Target | ForEach-Object { $null = $done.Add($_.agent_dni) } }
$refused = 0
foreach ($row in Import-Csv $Source) {
    $dni = $row.agent_dni.Trim()
    if ($done.Contains($dni)) { continue }
    $body = @{ agent_dni = $dni; agent_name = $row.agent_name; agent_sso = $row.agent_sso }
    $key = 'import-' + [uri]::EscapeDataString($dni)
    try {
        $agent = (Invoke-Roster POST 'configuration.php?api=create_agent' $body $key).Answer.data[0]
    }
    catch {
        # No answer, or the token: no other row will fare better.
        if ($_.Exception.Data['Status'] -in $null, 401, 403) { throw }
        $refused++
        [Console]::Error.WriteLine("${dni}: $($_.Exception.Message)")
        continue
    }
    # Passwords go into this file: keep it in a folder that only you may read.
    [pscustomobject]@{ agent_dni = $dni; agent_id = $agent.agent_id; password = $agent.password } |
        Export-Csv $Target -Append
    $null = $done.Add($dni)
}
"$($done.Count) agents are in $Target, $refused rows were refused"
exit [int]($refused -gt 0)
