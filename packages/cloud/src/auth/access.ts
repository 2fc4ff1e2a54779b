import { type Clock, randomSecret } from '@plantroom/base';
import type { ApiRecords, AuthRecords, UserRow } from '../records/contract.ts';
import { hashToken } from './tokens.ts';

const minute = 60_000;
export const signInLifetime = 15 * minute;
export const sessionLifetime = 12 * 60 * minute;
export const apiTokenLifetime = 365 * 24 * 60 * minute;

/** Who the first credentials are for: whoever can start the process is its administrator. */
export const administrator: UserRow = { id: 'administrator', name: 'Administrator', role: 'administrator' };

/** What a request shows: the session cookie or the bearer token. */
export interface Credential {
  readonly purpose: 'session' | 'api';
  readonly token: string;
}

/** Who a request comes from, and until when that holds (ms since 1970 UTC). */
export interface Identity {
  readonly user: UserRow;
  readonly expiresAt: number;
  readonly credential: Credential;
}

export interface OpenedSession {
  readonly token: string;
  readonly user: UserRow;
  readonly expiresAt: number;
}

type AccessRecords = AuthRecords & Pick<ApiRecords, 'audit'>;

/** Issues and checks credentials. Only hashes are stored; every issue, use of a sign-in link and refusal is audited. */
export class Access {
  readonly #records: AccessRecords;
  readonly #clock: Clock;

  constructor(records: AccessRecords, clock: Clock) {
    this.#records = records;
    this.#clock = clock;
  }

  createSignInToken(user: UserRow = administrator): Promise<string> {
    return this.#issue(user, 'sign-in', signInLifetime);
  }

  createApiToken(user: UserRow = administrator, lifetime = apiTokenLifetime): Promise<string> {
    return this.#issue(user, 'api', lifetime);
  }

  /** Takes a one-time token for a session; undefined when it is unknown, expired or used. */
  async signIn(signInToken: string, from: string): Promise<OpenedSession | undefined> {
    const now = this.#clock.now();
    const found = await this.#records.userOfToken(hashToken(signInToken), 'sign-in', now, true);
    if (!found) {
      await this.#audit('unknown', 'sign-in-refused', from);
      return undefined;
    }
    const token = randomSecret();
    const expiresAt = now + sessionLifetime;
    await this.#records.saveToken({ hash: hashToken(token), user: found.user.id, purpose: 'session', expiresAt });
    await this.#audit(found.user.id, 'sign-in', from);
    return { token, user: found.user, expiresAt };
  }

  async identify(credential: Credential): Promise<Identity | undefined> {
    const hash = hashToken(credential.token);
    const found = await this.#records.userOfToken(hash, credential.purpose, this.#clock.now(), false);
    return found && { ...found, credential };
  }

  async signOut(identity: Identity): Promise<void> {
    await this.#records.removeToken(hashToken(identity.credential.token));
    await this.#audit(identity.user.id, 'sign-out', identity.user.id);
  }

  /** Replaces a gateway's credential. */
  async enrolGateway(site: string, gateway: string, secret = randomSecret()): Promise<string> {
    await this.#records.saveGatewaySecret(site, gateway, hashToken(secret));
    await this.#audit(administrator.id, 'enrol-gateway', `${site}/${gateway}`);
    return secret;
  }

  async #issue(user: UserRow, purpose: 'sign-in' | 'api', lifetime: number): Promise<string> {
    if (!(await this.#records.user(user.id))) await this.#records.createUser(user);
    const token = randomSecret();
    const expiresAt = this.#clock.now() + lifetime;
    await this.#records.saveToken({ hash: hashToken(token), user: user.id, purpose, expiresAt });
    await this.#audit(administrator.id, `issue-${purpose}-token`, user.id);
    return token;
  }

  #audit(actor: string, action: string, target: string): Promise<void> {
    return this.#records.audit({ time: this.#clock.now(), actor, action, target, detail: '' });
  }
}
