import { systemClock } from '@plantroom/base';
import type { AlarmView, GatewayView, LatestPoint, WorkOrderView } from '@plantroom/model/api';
import { type RunningProcess, until, withoutServices } from '@plantroom/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SendingGateway, site, startSendingGateway } from './support/sending-gateway.ts';
import { compareWithStored, type Estate, startEstate } from './support/workers.ts';

if (withoutServices) console.log('left out: several workers at mosquitto, PostgreSQL and InfluxDB');

/** ms of undisturbed work between two troubles. */
const calm = 2500;
const namesFor = (workers: number) => [1, 2, 3].map((n) => `gw-${workers}-${n}`);

describe.runIf(!withoutServices)('workers share what gateways send', () => {
  let estate: Estate;
  let workers: RunningProcess[] = [];
  let gateways: SendingGateway[] = [];
  beforeAll(async () => {
    estate = await startEstate([...[2, 4].flatMap(namesFor), 'gw-twin']);
  });
  afterAll(async () => {
    await Promise.all(gateways.map((g) => g.stop()));
    await estate?.stop();
  });

  test.each([2, 4])(
    '%i of them: nothing is lost or doubled though workers are killed or freeze, and the broker is killed',
    async (count) => {
      await Promise.all([...gateways, ...workers].map((one) => one.stop()));
      const start = (n: number) => estate.start(`worker-${n}`, 'ingest,jobs');
      workers = await Promise.all(Array.from({ length: count }, (_, n) => start(n)));
      gateways = await Promise.all(namesFor(count).map((name) => startSendingGateway(name, estate.way(name))));
      await systemClock.sleep(calm);
      // In mid-stream, each with frames on their way to it; one of them leads, or will.
      workers[0]?.kill('SIGKILL');
      const longest = await longestWait(2 * calm);
      // One that stands still keeps what it was handed, and perhaps a transaction with its locks.
      if (count > 2) workers[1]?.kill('SIGSTOP');
      workers.push(await start(0));
      await estate.mosquitto.pause('SIGKILL');
      await estate.mosquitto.resume();
      await systemClock.sleep(calm);
      await Promise.all(gateways.map((g) => g.silence()));
      const began = systemClock.monotonic();
      const waiting = async () => (await Promise.all(gateways.map((g) => g.waiting()))).reduce((a, b) => a + b);
      await until('all is acknowledged', async () => (await waiting()) === 0, { timeout: 60_000 });
      const waited = Math.round(systemClock.monotonic() - began);

      await until('all that people see is the newest', async () => {
        await compareLive();
        return true;
      });
      const counted = await estate.api.list<GatewayView>('gateways');
      let produced = 0;
      for (const gateway of gateways) {
        const comparison = await compareWithStored(estate, gateway);
        expect(comparison).toMatchObject({ missing: 0, wrong: 0, foreign: 0 });
        // Each frame was counted once, however often it was stored.
        expect(counted.find((g) => g.id === gateway.name)?.samples).toBe(comparison.produced);
        produced += comparison.produced;
      }
      expect(produced).toBeGreaterThan(1500);
      await compareTickets();
      console.log(
        `${count} workers: ${produced} samples; the longest wait after a kill was ${longest} ms, and the last answer came ${waited} ms after the last sample`,
      );
    },
    180_000,
  );

  /** The longest that any frame waits for its answer in the next time. */
  async function longestWait(during: number): Promise<number> {
    let longest = 0;
    for (const end = systemClock.monotonic() + during; systemClock.monotonic() < end; await systemClock.sleep(100))
      longest = Math.max(longest, ...(await Promise.all(gateways.map((g) => g.longestWait()))));
    return Math.round(longest);
  }

  /** Every process that serves people shows the last values, which it was told of over the broker. */
  async function compareLive(): Promise<void> {
    for (const api of [estate.api, estate.otherApi])
      for (const { equipment, produced } of gateways)
        for (const [point, values] of produced) {
          const newest = [...values].at(-1);
          const { time, value } =
            (await api.list<LatestPoint>(`points/latest?site=${site}&equipment=${equipment}`)).find(
              (p) => p.point === point,
            ) ?? {};
          expect([time, value]).toEqual(newest);
        }
  }

  async function compareTickets(): Promise<void> {
    const raised = gateways.flatMap((g) => g.alarms).sort();
    const isOurs = ({ equipment }: { equipment: string }) => gateways.some((g) => g.equipment === equipment);
    const alarms = (await estate.api.list<AlarmView>('alarms')).filter(isOurs);
    expect(alarms.map((a) => a.id).sort()).toEqual(raised);
    const open = alarms.filter((a) => a.endedAt === null).map((a) => a.id);
    expect(open.sort()).toEqual(gateways.map((g) => g.alarms[0]).sort());
    const orders = await estate.api.list<WorkOrderView>('work-orders');
    expect(
      orders
        .filter(isOurs)
        .map((o) => o.alarm)
        .sort(),
    ).toEqual(raised);
    const numbers = orders.map((o) => Number(o.number.slice(3))).sort((a, b) => a - b);
    expect(numbers).toEqual(orders.map((_, n) => 1001 + n));
  }

  test('two gateways of one name are found out, and lose nothing', async () => {
    if (workers.length === 0) workers.push(await estate.start('worker-0', 'ingest,jobs'));
    const twins = await Promise.all(
      ['twin-a', 'twin-b'].map((n) => startSendingGateway(n, estate.way('gw-twin'), 'gw-twin')),
    );
    gateways.push(...twins);
    const began = systemClock.monotonic();
    const conflict = async () =>
      (await estate.api.list<GatewayView>('gateways')).find((g) => g.id === 'gw-twin')?.conflict;
    const found = await until('the conflict shows', async () => (await conflict()) ?? undefined, { timeout: 60_000 });
    const after = Math.round((systemClock.monotonic() - began) / 1000);
    expect(found.kind).toBe('epochs');
    await Promise.all(twins.map((twin) => twin.silence()));
    const waiting = async () => (await Promise.all(twins.map((twin) => twin.waiting()))).every((n) => n === 0);
    await until('both have sent all', waiting, { timeout: 120_000 });
    for (const twin of twins)
      expect(await compareWithStored(estate, twin)).toMatchObject({ missing: 0, wrong: 0, foreign: 0 });
    console.log(
      `twins: found after ${after} s, all stored after ${Math.round((systemClock.monotonic() - began) / 1000)} s`,
    );
  }, 200_000);

  test('one of them follows who is there and repeats what people click, also when all that did were killed', async () => {
    const [gateway] = gateways;
    if (!gateway) throw new Error('no gateway');
    for (const worker of workers) worker.kill('SIGKILL');
    workers.push(await estate.start('worker-9', 'ingest,jobs'));
    const answer = await estate.api.request('POST', `alarms/${gateway.alarms[0]}/acknowledge`, {});
    const { command } = (await answer.json()) as { command: string };
    const heard = () => gateway.commands.filter((id) => id === command).length;
    await until('it was sent again', () => heard() > 1, { timeout: 30_000 });
    const isOnline = async () =>
      (await estate.api.list<GatewayView>('gateways')).find((g) => g.id === gateway.name)?.online;
    expect(await isOnline()).toBe(true);
    await gateway.stop();
    await until('it is offline', async () => !(await isOnline()));
  }, 60_000);
});
