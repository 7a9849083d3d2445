<?php
// One request to Roster, repeated where that is safe. PHP 8.1 or newer with cURL.

const TRIES = 8;
const LONGEST_WAIT = 60; // seconds; a longer Retry-After is that of a daily limit

/** Roster refused the request. Repeating it as it is will not help. */
class RosterError extends Exception
{
    public function __construct(public readonly int $status, public readonly array $answer, string $requestId)
    {
        $problems = array_map(fn ($detail) => "$detail[field] $detail[problem]", $answer['details'] ?? []);
        parent::__construct("$status " . ($answer['msg'] ?? '') . ' ' . implode('; ', $problems) . " [$requestId]");
    }
}

/** Gives [answer, headers]. Every repeat sends the same body and the same key. */
function call(string $method, string $api, ?array $body = null, ?string $key = null): array
{
    $headers = ['wolkvox-token: ' . getenv('ROSTER_TOKEN'), 'Content-Type: application/json'];
    if ($key !== null) {
        $headers[] = "Idempotency-Key: $key";
    }
    $text = $body === null ? null : json_encode($body, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE);
    for ($attempt = 1; $attempt <= TRIES; $attempt++) {
        [$status, $answer, $received] = send($method, $api, $text, $headers);
        if ($status >= 200 && $status < 300) {
            return [$answer, $received];
        }
        $wait = secondsToWait($status, $received, $attempt);
        if ($wait === null) {
            throw new RosterError($status, $answer, $received['x-request-id'] ?? '');
        }
        sleep($wait);
    }
    throw new RuntimeException('no success after ' . TRIES . " tries; the last status was $status");
}

/** One try. The status is 0 when the answer did not arrive whole: the agent may exist all the same. */
function send(string $method, string $api, ?string $body, array $headers): array
{
    $received = [];
    $curl = curl_init((getenv('ROSTER_URL') ?: 'http://wv0001.localhost:8080') . "/api/v2/$api");
    curl_setopt_array($curl, [
        CURLOPT_CUSTOMREQUEST => $method,
        CURLOPT_HTTPHEADER => $headers,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 30,
        CURLOPT_HEADERFUNCTION => function ($curl, $line) use (&$received) {
            if (str_contains($line, ':')) {
                [$name, $value] = explode(':', $line, 2);
                $received[strtolower($name)] = trim($value);
            }
            return strlen($line);
        },
    ]);
    if ($body !== null) {
        curl_setopt($curl, CURLOPT_POSTFIELDS, $body);
    }
    $text = curl_exec($curl);
    if ($text === false) {
        return [0, [], []];
    }
    // A proxy's own page is no JSON.
    return [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), json_decode($text, true) ?? [], $received];
}

/** How long to wait before the same request is sent again; null: do not repeat it. */
function secondsToWait(int $status, array $headers, int $attempt): ?int
{
    $retryAfter = $headers['retry-after'] ?? '';
    if (ctype_digit($retryAfter)) {
        return (int) $retryAfter <= LONGEST_WAIT ? (int) $retryAfter : null;
    }
    return in_array($status, [0, 408, 502, 503, 504], true) ? min(2 ** ($attempt - 1), 30) : null;
}
