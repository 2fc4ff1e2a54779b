import type { Words } from './tables-plant.ts';

/** People, their tokens, and what they did. Secrets are stored as SHA-256 alone. */
export const peopleTables = ({ text, integer, rows }: Words) => `
CREATE TABLE users (id ${text} PRIMARY KEY, name ${text} NOT NULL, role ${text} NOT NULL)${rows};

CREATE TABLE tokens (
  hash ${text} PRIMARY KEY, "user" ${text} NOT NULL REFERENCES users (id) ON DELETE CASCADE, purpose ${text} NOT NULL,
  expires_at ${integer} NOT NULL
)${rows};
CREATE INDEX tokens_by_expiry ON tokens (expires_at);

CREATE TABLE audit (
  n ${integer} PRIMARY KEY, time ${integer} NOT NULL, actor ${text} NOT NULL, action ${text} NOT NULL, target ${text} NOT NULL,
  detail ${text} NOT NULL, previous ${text} NOT NULL, hash ${text} NOT NULL UNIQUE
)${rows};
`;
