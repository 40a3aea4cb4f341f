// The same as cron_next.cpp, by croner (npm install croner; NODE_PATH says where).
'use strict';
const fs = require('fs');
const { Cron } = require('croner');

function* cases(path) {
  const [head, ...lines] = fs.readFileSync(path, 'utf8').trimEnd().split('\n');
  const columns = head.slice(1).trim().split('\t');
  for (const line of lines) {
    const cells = line.split('\t');
    const row = Object.fromEntries(columns.map((name, i) => [name, cells[i]]));
    if (!row.next_utc.includes('never') && row.base_utc < '2200') {
      yield row;
    }
  }
}

let taken = 0n;
let asked = 0;
let leftOut = 0;
for (const row of cases(process.argv[2])) {
  try {
    const job = new Cron(row.expr, { timezone: row.tz, legacyMode: true, paused: true });
    let at = new Date(row.base_utc);
    const begin = process.cpuUsage();
    for (let i = 0; i < 6; i++) {
      at = job.nextRun(at);
    }
    const used = process.cpuUsage(begin);
    taken += BigInt(used.user + used.system);
    asked += 6;
  } catch (error) {
    leftOut++;
  }
}
const version = require('croner/package.json').version;
const each = (Number(taken) * 1000 / asked).toFixed(0).padStart(10);
console.log(`croner     ${each} ns per next (${version}; ${asked} times, ${leftOut} expressions left out)`);
