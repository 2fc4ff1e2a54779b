import { request } from 'node:http';
import { errorCode, PlantroomError } from '@plantroom/base';
import { controlAddress } from './contract.ts';

/**
 * Asks the gateway that runs on this data directory and gives its answer. Throws PlantroomError `gateway-not-running`
 * when none does, else what the gateway says is wrong, under its own code.
 */
export async function askGateway(dataDirectory: string, command: string, argument?: unknown): Promise<unknown> {
  const { status, text } = await atAddress(dataDirectory, (path) => post(path, command, argument)).catch(
    (thrown: unknown) => {
      throw notRunning(dataDirectory, thrown);
    },
  );
  const body: unknown = JSON.parse(text);
  if (status === 200) return body;
  const { code, message } = body as { code: string; message: string };
  throw new PlantroomError(code, message);
}

async function atAddress<T>(dataDirectory: string, ask: (path: string) => Promise<T>): Promise<T> {
  const address = controlAddress(dataDirectory);
  try {
    return await ask(address.path);
  } finally {
    address.release();
  }
}

function post(socketPath: string, command: string, argument: unknown): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path: `/${command}`, method: 'POST' }, (response) => {
      const parts: string[] = [];
      response.setEncoding('utf8');
      response.on('data', (part: string) => void parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: parts.join('') }));
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(argument === undefined ? '' : JSON.stringify(argument));
  });
}

function notRunning(dataDirectory: string, cause: unknown): PlantroomError {
  const why = errorCode(cause) ?? 'error';
  const hint =
    why === 'EACCES'
      ? 'Run this as the user that the gateway runs as.'
      : 'Start the gateway, or name the data directory of the one that runs.';
  return new PlantroomError('gateway-not-running', `No gateway takes commands on ${dataDirectory} (${why}).`, {
    hint,
    cause,
  });
}
