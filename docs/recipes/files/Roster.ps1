# One request to Roster, repeated where that is safe. PowerShell 7.4 or newer; to be dot-sourced.

$rosterUrl = if ($env:ROSTER_URL) { $env:ROSTER_URL } else { 'http://127.0.0.1:8080' }
$tries = 8
$longestWait = 60 # seconds; a longer Retry-After is that of a daily limit

# Gives the answer and its headers. Every repeat sends the same body and the same key. Where Roster refuses the request,
# and repeating it as it is would not help, the exception's Data has the Status.
function Invoke-Roster([string] $Method, [string] $Api, [hashtable] $Body, [string] $Key) {
    $headers = @{ 'wolkvox-token' = $env:ROSTER_TOKEN }
    if ($Key) { $headers['Idempotency-Key'] = $Key }
    $request = @{
        Uri = "$rosterUrl/api/v2/$Api"; Method = $Method; Headers = $headers
        ConnectionTimeoutSeconds = 30; OperationTimeoutSeconds = 30; SkipHttpErrorCheck = $true
    }
    if ($Body) {
        $request.Body = [System.Text.Encoding]::UTF8.GetBytes((ConvertTo-Json -Compress $Body))
        $request.ContentType = 'application/json'
    }
    $problem = ''
    for ($attempt = 1; $attempt -le $tries; $attempt++) {
        # A status of 0 says that the answer did not arrive whole: the agent may exist all the same.
        $response = $null
        try { $response = Invoke-WebRequest @request } catch { $problem = $_.Exception.Message }
        $status = if ($response) { [int] $response.StatusCode } else { 0 }
        if ($status -ge 200 -and $status -lt 300) {
            return @{ Answer = ConvertFrom-Json $response.Content; Headers = $response.Headers }
        }
        $wait = Get-SecondsToWait $status $response $attempt
        if ($null -eq $wait) {
            $refusal = [System.InvalidOperationException]::new("$status $($response.Content)")
            $refusal.Data['Status'] = $status
            throw $refusal
        }
        if ($response) { $problem = "$status $($response.Content)" }
        Start-Sleep -Seconds $wait
    }
    throw "no success after $tries tries; the last: $problem"
}

# How long to wait before the same request is sent again; $null: do not repeat it.
function Get-SecondsToWait([int] $Status, $Response, [int] $Attempt) {
    $retryAfter = if ($Response) { "$($Response.Headers['Retry-After'])" } else { '' }
    if ($retryAfter -match '^\d+$') {
        if ([int] $retryAfter -le $longestWait) { return [int] $retryAfter }
        return $null
    }
    if ($Status -in 0, 408, 502, 503, 504) { return [Math]::Min([Math]::Pow(2, $Attempt - 1), 30) }
    return $null
}
