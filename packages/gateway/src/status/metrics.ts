import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { GatewayReport } from './contract.ts';

const fates = ['produced', 'stored', 'buffered', 'quarantined', 'thinned', 'dropped', 'corrupt'] as const;

/** The report as Prometheus gauges; the books of the lanes are there so that a rule can check that they balance. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #items = this.#gauge('plantroom_outbox_items', 'Samples or events by fate', ['lane', 'fate']);
  readonly #entries = this.#gauge('plantroom_outbox_entries', 'Frames not yet acknowledged', ['lane']);
  readonly #bytes = this.#gauge('plantroom_outbox_bytes', 'Bytes of frames not yet acknowledged', ['lane']);
  readonly #age = this.#gauge('plantroom_outbox_oldest_seconds', 'Age of the oldest frame', ['lane']);
  readonly #log = this.#gauge('plantroom_outbox_disk_bytes', 'Bytes of the log in use on disk');
  readonly #maximum = this.#gauge('plantroom_outbox_disk_maximum_bytes', 'Bytes that the log may use');
  readonly #free = this.#gauge('plantroom_outbox_disk_free_bytes', 'Free bytes of the disk');
  readonly #fullIn = this.#gauge('plantroom_outbox_full_in_seconds', 'Until the log is full at the present rate');
  readonly #writable = this.#gauge('plantroom_outbox_writable', '0 while the disk takes no writes');
  readonly #synchronised = this.#gauge('plantroom_clock_synchronised', '1 while gateway time is confirmed and held to');
  readonly #doubtful = this.#gauge('plantroom_clock_doubtful_seconds', 'For how long gateway time has not been so');
  readonly #offset = this.#gauge('plantroom_clock_offset_seconds', 'Another clock minus gateway time', ['clock']);
  readonly #jumps = this.#gauge('plantroom_clock_jumps', 'Jumps of the clock of the system since the start');
  readonly #cloud = this.#gauge('plantroom_cloud_connected', '1 while the connection to the cloud is up');
  readonly #flight = this.#gauge('plantroom_uplink_in_flight', 'Frames sent and not yet answered');
  readonly #samples = this.#gauge('plantroom_samples', 'Samples since the start by stage', ['stage']);
  readonly #skipped = this.#gauge('plantroom_polls_skipped', 'Poll cycles that a bus was too slow for');
  readonly #alarms = this.#gauge('plantroom_alarms_open', 'Alarms that are not over');
  readonly #connection = this.#gauge('plantroom_connection_up', '1 while a field connection is open', ['connection']);
  readonly #silent = this.#gauge('plantroom_devices_silent', 'Devices that do not answer', ['connection']);

  readonly #tally = this.#gauge('plantroom_connection_tally', 'What a driver counts', ['connection', 'what']);

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  render(report: GatewayReport): Promise<string> {
    for (const [lane, books] of Object.entries(report.lanes)) {
      for (const fate of fates) this.#items.set({ lane, fate }, books[fate]);
      this.#entries.set({ lane }, books.entries);
      this.#bytes.set({ lane }, books.bytes);
      this.#age.set({ lane }, books.age / 1000);
    }
    const { used, maximum, free, fullIn } = report.log;
    this.#log.set(used);
    this.#writable.set(report.log.trouble === null ? 1 : 0);
    this.#maximum.set(maximum);
    this.#free.set(free);
    this.#fullIn.set(fullIn === null ? Number.POSITIVE_INFINITY : fullIn / 1000);
    const { state, doubtfulFor, systemOffset, cloudOffset, jumps } = report.clock;
    this.#synchronised.set(state === 'synchronised' ? 1 : 0);
    this.#doubtful.set(doubtfulFor / 1000);
    this.#offset.set({ clock: 'system' }, systemOffset / 1000);
    if (cloudOffset) this.#offset.set({ clock: 'cloud' }, cloudOffset.by / 1000);
    this.#jumps.set(jumps);
    this.#cloud.set(report.cloud === 'connected' ? 1 : 0);
    this.#flight.set(report.inFlight);
    for (const [stage, count] of Object.entries(report.samples)) this.#samples.set({ stage }, count);
    this.#skipped.set(report.skippedPolls);
    this.#alarms.set(report.openAlarms);
    for (const { id, state, silent } of report.connections) {
      this.#connection.set({ connection: id }, state === 'connected' ? 1 : 0);
      this.#silent.set({ connection: id }, silent.length);
    }
    for (const { connection, tally } of report.field)
      for (const [what, count] of Object.entries(tally)) this.#tally.set({ connection, what }, count);
    return this.#registry.metrics();
  }

  #gauge(name: string, help: string, labelNames: string[] = []): Gauge {
    return new Gauge({ name, help, labelNames, registers: [this.#registry] });
  }
}
