import type { Command } from 'commander';
import { run, strictUsage, wholeNumber } from '../field/usage.ts';

const modbusUrl = 'modbus-tcp://host:port, modbus-rtu-over-tcp://host:port or modbus-rtu:///dev/ttyUSB0?baudRate=9600';

/** The commands for the person who brings a device into service. Each loads what it needs when it runs. */
export function declareField(command: Command): void {
  declarePlan(command);
  declareProbe(command);
  declareSearch(command);
  declareLive(command);
}

function declarePlan(command: Command): void {
  strictUsage(command.command('plan <site-file>'))
    .description('print what each bus will be asked, how long it takes, and which periods cannot be met')
    .option('--requests', 'every single request as well', false)
    .option('--measure', 'ask the devices how long they take, instead of assuming it', false)
    .option('--data <dir>', 'the data directory of a gateway, for the registers that it learned to leave out')
    .option('--json', 'the plan as JSON', false)
    .action((site: string, options: { requests: boolean; measure: boolean; json: boolean; data?: string }) =>
      run(async () => (await import('./gateway-plan.ts')).plan(site, options)),
    );
  strictUsage(command.command('diff <old-file> <new-file>'))
    .description('say what a changed site file would read otherwise, before it is applied')
    .option('--json', 'the difference as JSON', false)
    .action((before: string, after: string, options: { json: boolean }) =>
      run(async () => (await import('./gateway-plan.ts')).diff(before, after, options)),
    );
}

function declareProbe(command: Command): void {
  strictUsage(command.command('probe <url>'))
    .description('read a device once and show what the answer means')
    .option('--unit <id>', 'Modbus: the unit (slave) id', (text) => wholeNumber(text, 0, 255), 1)
    .option('--address <address>', 'Modbus: the first address as in the request: 3000 or 0xBB8; or "modicon 43001"')
    .option('--count <n>', 'Modbus: how many registers or bits', (text) => wholeNumber(text, 1, 125), 2)
    .option('--area <area>', 'Modbus: holding, input, coil or discrete (holding)')
    .option('--profile <name>', 'Modbus: read all points of a device profile and judge whether they can be true')
    .option('--set <key=value...>', 'with --profile: keys of an equipment entry, such as ctRatio=40 addressOffset=-1')
    .option('--node <id>', 'OPC UA: the node, such as "ns=2;s=Lift.Speed"')
    .option('--topic <topic>', 'MQTT: the topic, + and # allowed')
    .option('--wait <seconds>', 'MQTT: how long to listen', (text) => wholeNumber(text, 1, 3600), 15)
    .option('--user <name>', 'the user to sign in as')
    .option('--password-file <file>', 'a file with its password')
    .action((url: string, options) => run(async () => (await import('./gateway-probe.ts')).probe(url, options)));
}

function declareSearch(command: Command): void {
  strictUsage(command.command('scan <url>'))
    .description(`find the unit ids that answer on a bus (${modbusUrl})`)
    .option('--from <id>', 'the first unit', (text) => wholeNumber(text, 0, 255), 1)
    .option('--to <id>', 'the last unit', (text) => wholeNumber(text, 0, 255), 247)
    .option('--timeout <ms>', 'how long each may take', (text) => wholeNumber(text, 10, 60_000), 300)
    .action((url: string, options) => run(async () => (await import('./gateway-search.ts')).scanBus(url, options)));
  strictUsage(command.command('browse <url>'))
    .description('print the tree of an OPC UA server, then YAML to paste')
    .option('--root <node>', 'begin below this node')
    .option('--depth <n>', 'how many steps down', (text) => wholeNumber(text, 1, 50), 8)
    .option('--limit <n>', 'how many nodes at most', (text) => wholeNumber(text, 1, 100_000), 2000)
    .option('--user <name>', 'the user to sign in as')
    .option('--password-file <file>', 'a file with its password')
    .action((url: string, options) => run(async () => (await import('./gateway-search.ts')).browse(url, options)));
}

function declareLive(command: Command): void {
  strictUsage(command.command('watch <site-file>'))
    .description('read the plant into a live table: raw beside scaled, quality and age; until Ctrl-C')
    .option('--equipment <id>', 'one equipment alone')
    .option('--once', 'one table and the end, as when the output is no terminal', false)
    .action((site: string, options) => run(async () => (await import('./gateway-live.ts')).watch(site, options)));
  strictUsage(command.command('capture <site-file-or-url>'))
    .description('read and show the wire, every frame decoded; until Ctrl-C')
    .option('--connection <id>', 'which connection of the site file; its only Modbus one unless told')
    .option('--equipment <id>', 'one equipment alone')
    .option('--unit <id>', 'with a URL: the unit id', (text) => wholeNumber(text, 0, 255), 1)
    .option('--profile <name>', 'with a URL: the device profile to read')
    .option('--every <seconds>', 'the pause between rounds', (text) => wholeNumber(text, 0, 3600), 1)
    .option('--for <seconds>', 'stop by itself', (text) => wholeNumber(text, 1, 86_400))
    .action((what: string, options) => run(async () => (await import('./gateway-live.ts')).captureWire(what, options)));
}
