/** What a person can ask of an alarm. */
export const commandActions = [
  'acknowledge',
  'reset',
  'shelve',
  'unshelve',
  'remove-from-service',
  'return-to-service',
] as const;
