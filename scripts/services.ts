/** What the tests need from the system: a Debian package, and what is left out without it. */
export interface Service {
  readonly package: string;
  readonly needs: string;
}

export const services: readonly Service[] = [
  { package: 'chromium', needs: 'browser tests of the dashboard' },
  { package: 'fonts-noto-cjk', needs: 'Chinese text in the screenshots' },
  { package: 'openssl', needs: 'certificates of brokers with TLS' },
  { package: 'mosquitto', needs: 'a broker that was not written here: TLS, rights, several workers of the cloud' },
  { package: 'mosquitto-clients', needs: 'the cross-check of MQTT with mosquitto_sub and mosquitto_pub' },
  { package: 'influxdb', needs: 'the time series in a real InfluxDB 1' },
  { package: 'victoria-metrics', needs: 'the volume of writes in the form of InfluxDB 2' },
  { package: 'postgresql', needs: 'the records in a real PostgreSQL' },
  { package: 'gcc', needs: 'power cuts and disks that refuse writes, in the fault runs' },
  { package: 'libc6-dev', needs: 'the same' },
  { package: 'mbpoll', needs: 'the cross-check of Modbus registers with mbpoll, and a server of libmodbus' },
  { package: 'python3-pymodbus', needs: 'reading a Modbus server that was not written here' },
  { package: 'python3-serial', needs: 'the same (pymodbus loads it)' },
  { package: 'python3-serial-asyncio', needs: 'the same (pymodbus loads it)' },
];

/** Debian's answer for each package, as `dpkg-query -W -f '${Package} ${db:Status-Status}\n'` prints it. */
export function missingServices(answer: string): Service[] {
  const installed = new Set(
    answer
      .split('\n')
      .map((line) => line.split(' '))
      .filter(([, status]) => status === 'installed')
      .map(([name]) => name),
  );
  return services.filter((s) => !installed.has(s.package));
}

/** The one command that installs packages, for a person who is not root. */
export function installCommand(missing: readonly Service[]): string {
  const names = missing.map((s) => s.package).join(' ');
  return `sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends ${names}'`;
}
