"use server";

import { deleteArtifactVersion } from "@/lib/artifacts/change-artifacts";
import { action } from "@/lib/kernel/action";

export const removeArtifactVersion = action(deleteArtifactVersion);
