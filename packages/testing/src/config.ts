/** True when the run was told to go without what comes from Debian; npm test prints what is left out then. */
export const withoutServices = process.env.PLANTROOM_TEST_SERVICES === 'none';
