/** A larger frame is refused before it is decoded: ten times the largest honest one, a JoinRequest with a browser's capabilities. */
export const MAX_FRAME_BYTES = 64 * 1024;

/** The one larger frame: a CommitRequest for a whole room. Commit and welcome grow with the group: 85 kB each at 250 members. */
export const MAX_COMMIT_FRAME_BYTES = 400 * 1024;

/** 85 kB at 250 members, with room for the 1,024 leaves that a key id can name (RFC 9605 section 5.2; 10 bits of ours). */
export const MAX_COMMIT_BYTES = 192 * 1024;
export const MAX_WELCOME_BYTES = 192 * 1024;

/** Some 600 bytes, and the sealed name and proof. */
export const MAX_KEY_PACKAGE_BYTES = 8 * 1024;

/** Adds of one commit: a batch of 150 ms in a storm of joins is 50. More wait for the next commit. */
export const MAX_ADDS = 64;

/** Removes of one commit: half a large room may lose its network at once. */
export const MAX_REMOVES = 256;

/** A chat message of the greatest length has 8 kB. */
export const MAX_SEALED_BYTES = 16 * 1024;

export const MAX_CHAT_CHARS = 2_000;

/** From the server: the roster of a Joined grows with the room, to some 600 bytes a peer when all ids and names are the longest. */
export const MAX_SERVER_FRAME_BYTES = 512 * 1024;

/** Ids that the server makes, and room ids of messengers. Longer is refused; shorter than a UUID would do for the former. */
export const MAX_ID_CHARS = 128;

/** A JWT of ours is 400 to 700 characters; messengers may add claims of their own. */
export const MAX_TOKEN_CHARS = 4096;

/** 256 bits: nobody guesses a session. */
export const RESUME_SECRET_BYTES = 32;

/** Tiles of one view: a 7 x 7 grid and a screen share. Higher makes one peer cost more. */
export const MAX_TILES = 50;

/** Two pages beside the one that is shown, of 25 each. Higher keeps more consumers ready that nobody may ever look at. */
export const MAX_NEIGHBOURS = 50;

/** As long as browsers let an address of a server be in practice. */
export const MAX_URL_CHARS = 2048;

/** A full HD display upright in physical pixels is 3,840 high; double it for the displays to come. */
export const MAX_TILE_HEIGHT_PX = 8192;

/** Chromium states about 40 codecs with their RTX. */
export const MAX_CODEC_CAPABILITIES = 128;

/** Codecs of one producer: the codec, its RTX, FEC, comfort noise. */
export const MAX_CODECS = 16;

/** Simulcast layers of one producer; three is what Conclave uses. */
export const MAX_ENCODINGS = 4;

/** The one-byte RTP header has 14 extension ids (RFC 8285); Chromium states about 20 in its capabilities. */
export const MAX_HEADER_EXTENSIONS = 32;

/** Parameters and feedback lines of one codec. */
export const MAX_CODEC_PARAMETERS = 32;

/** One per hash algorithm is all that WebRTC uses. */
export const MAX_FINGERPRINTS = 8;
