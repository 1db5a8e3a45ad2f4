import { connection } from "next/server";
import { twentyRuns } from "../twenty-runs";

export default async function Page() {
  await connection();
  const rows = await twentyRuns();
  return (
    <table>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td>{row.name}</td>
            <td>{row.status}</td>
            <td>{String(row.start_time)}</td>
            <td>{String(row.end_time)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
