// How often the large families of attacks are tried: a fiftieth in every test run, all of them where REEVE_SOAK is set (npm run test:soak).

/** The number of tries of a family whose full count is `all`. */
export const tries = (all: number): number => (process.env.REEVE_SOAK ? all : Math.max(1, Math.ceil(all / 50)));
