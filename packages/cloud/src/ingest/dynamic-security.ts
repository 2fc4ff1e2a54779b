import { type Clock, PlantroomError, randomId } from '@plantroom/base';
import { type GatewayAddress, gatewayFilters, liveFilter, serviceFilters } from '@plantroom/model/wire';
import type { MqttClient } from 'mqtt';
import { z } from 'zod';

/** Where mosquitto takes orders from its administrator, and answers. */
const control = '$CONTROL/dynamic-security/v1';
/** ms within which the broker answers. */
const patience = 10_000;

const answer = z.object({
  responses: z.array(
    z.object({ command: z.string(), correlationData: z.string().optional(), error: z.string().optional() }),
  ),
});

type Kind = 'publishClientSend' | 'publishClientReceive' | 'subscribePattern';
const allow = (acltype: Kind, topics: readonly string[]) =>
  topics.map((topic) => ({ acltype, topic, priority: 0, allow: true }));

/** A user with a role of its own; `clientId` binds the credential to one MQTT client id. */
interface Member {
  readonly role: string;
  readonly rights: ReturnType<typeof allow>;
  readonly username: string;
  readonly password: string;
  readonly clientId?: string;
}

/**
 * Gives a gateway its credential at a mosquitto with dynamic security: its own topics, and a client id that nobody else can use. An
 * older password ends, and with it the gateway's connection. mosquitto 2.0 fills no user name into rights, so each
 * gateway has a role. Throws PlantroomError `enrolment`.
 */
export function enrolGateway(client: MqttClient, to: GatewayAddress, secret: string, clock: Clock): Promise<void> {
  const name = `${to.site}/${to.gateway}`;
  const { up, down } = gatewayFilters(to);
  const rights = [...allow('publishClientSend', [up]), ...receive([down])];
  return admit(client, { role: `plantroom/${name}`, rights, username: name, password: secret, clientId: name }, clock);
}

/** Gives the cloud's own user its rights. Throws PlantroomError `enrolment`. */
export function enrolService(client: MqttClient, username: string, password: string, clock: Clock): Promise<void> {
  const { up, down } = serviceFilters;
  const rights = [...receive([...up, liveFilter]), ...allow('publishClientSend', [down, liveFilter])];
  return admit(client, { role: 'plantroom-cloud', rights, username, password }, clock);
}

const receive = (filters: readonly string[]) => [
  ...allow('subscribePattern', filters),
  ...allow('publishClientReceive', filters),
];

/** Created if it is not there, then brought to what it should be: the same as often as it is said. */
async function admit(client: MqttClient, { role, rights, ...member }: Member, clock: Clock): Promise<void> {
  const { username, password, clientId } = member;
  const user = { username, password, roles: [{ rolename: role }], ...(clientId ? { clientid: clientId } : {}) };
  const commands = [
    { command: 'createRole', rolename: role },
    { command: 'modifyRole', rolename: role, acls: rights },
    { command: 'createClient', ...user },
    { command: 'modifyClient', ...user },
  ];
  for (const { command, error } of await ask(client, commands, clock)) {
    if (error === undefined || (command.startsWith('create') && /already exists/i.test(error))) continue;
    throw new PlantroomError('enrolment', `the broker did not enrol ${username}: ${error} (${command})`);
  }
}

async function ask(client: MqttClient, commands: readonly object[], clock: Clock) {
  const correlationData = randomId();
  const late = new AbortController();
  const answered = new Promise<z.output<typeof answer>['responses']>((resolve) => {
    client.on('message', (topic, payload) => {
      if (topic !== `${control}/response`) return;
      const { responses } = answer.parse(JSON.parse(payload.toString('utf8')));
      if (responses.some((r) => r.correlationData === correlationData)) resolve(responses);
    });
  });
  const silence = clock.sleep(patience, late.signal).then(() => {
    throw new PlantroomError('enrolment', `the broker does not answer on ${control}`, {
      hint: 'Load its dynamic security plugin, and name a user with the role `admin` under `broker.enrolment`.',
    });
  });
  silence.catch(() => {});
  await client.subscribeAsync(`${control}/response`, { qos: 1 }).catch(() => {});
  const named = commands.map((c) => ({ ...c, correlationData }));
  await client.publishAsync(control, JSON.stringify({ commands: named }), { qos: 1 });
  try {
    return await Promise.race([answered, silence]);
  } finally {
    late.abort();
  }
}
