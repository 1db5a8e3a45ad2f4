/** Lines that are asked for at once. */
export const PAGE_ROWS = 200;
