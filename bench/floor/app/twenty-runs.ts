import "server-only";
import pg from "pg";

const SQL = "select id, name, status, start_time, end_time from reeve.run where project_id = $1 order by created_at desc, id desc limit 20";

declare global {
  var floorPool: pg.Pool | undefined;
}

export type FloorRow = { id: string; name: string; status: string; start_time: string; end_time: string };

/** One indexed query of twenty rows, as little as a list can do. */
export async function twentyRuns(): Promise<FloorRow[]> {
  globalThis.floorPool ??= new pg.Pool({ connectionString: process.env.FLOOR_DATABASE_URL, max: 12 });
  const { rows } = await globalThis.floorPool.query<FloorRow>({ name: "twenty", text: SQL, values: [process.env.FLOOR_PROJECT] });
  return rows;
}
