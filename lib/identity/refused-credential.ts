import "server-only";
import { AppError } from "@/lib/kernel/errors";

/** A refused credential: the outward message is the recorded server's, `reason` goes to the trail only. */
export const refuseCredential = (message: string, reason: string): AppError => new AppError("unauthenticated", `Authentication error: ${message}`, { reason });
