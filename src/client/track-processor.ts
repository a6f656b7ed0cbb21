/**
 * Turns what a device captures into what is sent: takes the device's track and gives another of the same kind. Rejects when it cannot.
 * The device's track stays the call's: a processor neither stops it nor mutes it.
 */
export type TrackProcessor = (captured: MediaStreamTrack) => Promise<ProcessedTrack>;

/** What a processor made of one capture, for as long as it is sent. */
export interface ProcessedTrack {
  readonly mediaStreamTrack: MediaStreamTrack;
  /** It is sent no more: stops the track, and all that was opened for it. */
  close(): void;
}
