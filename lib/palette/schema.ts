// What the palette shows: plain data.

export type PaletteKind = "run" | "pipeline" | "model" | "artifact" | "stack" | "component" | "person" | "service-account" | "workspace" | "role";

/** A thing that was found, and where it leads. */
export type PaletteThing = {
  kind: PaletteKind;
  id: string;
  name: string;
  /** What tells it from others of its name: №, project, e-mail address. */
  note: string;
  workspace: string | null;
  href: string;
  /** True when the text names exactly this thing: an id, a digest, a №, a whole run name. */
  isExact: boolean;
};

/** Something to do, refused ones with the reason. */
export type PaletteAction = { id: string; label: string; icon: string; href: string; command: string | null; refusal: string | null };

export type PaletteAnswer = { things: PaletteThing[]; actions: PaletteAction[] };
