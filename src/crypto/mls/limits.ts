/** Leaves of one group: the frames' key id has 10 bits for the leaf. */
export const MAX_LEAVES = 1024;

/** Levels above the leaves in the largest tree, so the most nodes that an update path can have. */
export const MAX_PATH_NODES = 10;

/**
 * A commit that removes 250 of 1,000 members and re-keys its path stays below. Turning it up gives a hostile member
 * more of our CPU.
 */
export const MAX_COMMIT_BYTES = 256 * 1024;

/** A welcome carries the whole tree: 45 kB at 200 members, so 1,024 fit. */
export const MAX_WELCOME_BYTES = 512 * 1024;

/** One leaf with its proof and profile is below 1 kB; an app's own proof may be larger. */
export const MAX_KEY_PACKAGE_BYTES = 8 * 1024;

/** A sealed message: the longest chat text, padded, with its signature and header, and room to grow. */
export const MAX_MESSAGE_BYTES = 16 * 1024;

/** Adds in one commit. Each costs every member two signature checks and the app's own check of the proof. */
export const MAX_ADDS = 64;

/** Removes in one commit: a lost network may take a quarter of the largest call at once. */
export const MAX_REMOVES = 256;

/** A proof of ours has 32 bytes; an app's may be a signed token. */
export const MAX_PROOF_BYTES = 4 * 1024;

/** A name of 64 characters, sealed and padded, has at most 412 bytes. */
export const MAX_SEALED_PROFILE_BYTES = 512;

/** Sent names are cut off here, in UTF-16 units: what signaling allows for a name. */
export const MAX_NAME_CHARS = 64;
