/** A larger frame is refused before it is decoded: ten times the largest honest one, a JoinRequest with a browser's capabilities. */
export const MAX_FRAME_BYTES = 64 * 1024;

/** From the server: the roster of a Joined grows with the room, to some 600 bytes a peer when all ids and names are the longest. */
export const MAX_SERVER_FRAME_BYTES = 256 * 1024;

/** Ids that the server makes, and room ids of messengers. Longer is refused; shorter than a UUID would do for the former. */
export const MAX_ID_CHARS = 128;

/** A JWT of ours is 400 to 700 characters; messengers may add claims of their own. */
export const MAX_TOKEN_CHARS = 4096;

export const MAX_NAME_CHARS = 64;

/** Tiles of one view: a 7 x 7 grid and a screen share. Higher makes one peer cost more. */
export const MAX_TILES = 50;

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
