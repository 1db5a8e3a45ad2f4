// What Next gives for an imported picture; next-env.d.ts says the same, but only after the first build.
/// <reference types="next/image-types/global" />
