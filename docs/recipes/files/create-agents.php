<?php
// Creates the agents of a CSV file, one by one: php create-agents.php agents.csv created.csv
//
// Columns in this order: agent_dni, agent_name, agent_sso (may be empty). Run it again after a break, with the same two
// files: rows that are in created.csv are left out, and a create whose answer was lost gets the first answer again.

require __DIR__ . '/roster.php';

[, $source, $target] = $argv;

/** The rows of a CSV file below its first line. */
function readRows(string $path): Generator
{
    $file = fopen($path, 'r') ?: throw new RuntimeException("$path cannot be read");
    for ($line = 0; ($row = fgetcsv($file, null, ',', '"', '')) !== false; $line++) {
        if ($line > 0 && $row !== [null]) {
            yield $row;
        }
    }
}

umask(0077); // passwords go into the file: only its owner may read it
$done = [];
if (file_exists($target)) {
    foreach (readRows($target) as [$dni]) {
        $done[$dni] = true;
    }
}
$out = fopen($target, 'a') ?: throw new RuntimeException("$target cannot be written");
if (fstat($out)['size'] === 0) {
    fputcsv($out, ['agent_dni', 'agent_id', 'password'], ',', '"', '');
}
$refused = 0;
foreach (readRows($source) as $row) {
    [$dni, $name, $sso] = [trim($row[0]), $row[1] ?? '', $row[2] ?? ''];
    if (isset($done[$dni])) {
        continue;
    }
    $body = ['agent_dni' => $dni, 'agent_name' => $name, 'agent_sso' => $sso];
    try {
        [$answer] = call('POST', 'configuration.php?api=create_agent', $body, 'import-' . rawurlencode($dni));
    } catch (RosterError $error) {
        if (in_array($error->status, [401, 403], true)) {
            throw $error; // the token: no other row will fare better
        }
        $refused++;
        fwrite(STDERR, "$dni: {$error->getMessage()}\n");
        continue;
    }
    $agent = $answer['data'][0];
    fputcsv($out, [$dni, $agent['agent_id'], $agent['password']], ',', '"', '');
    fsync($out);
    $done[$dni] = true;
}
echo count($done) . " agents are in $target, $refused rows were refused\n";
exit($refused === 0 ? 0 : 1);
