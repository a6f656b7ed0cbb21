export interface JanusPlace {
  /** Where its configuration is, and its folders of libraries. */
  readonly folder: string;
  /** Unix socket of its API. */
  readonly socket: string;
  /** On which media is received and sent. */
  readonly address: string;
  readonly eventLoops: number;
}

/** UDP ports of media, below those that the kernel gives to others. One for each end. */
const MEDIA_PORTS = '20000-31999';

/** Packets that are kept to be sent again: Janus' own default. mediasoup keeps them longer. */
const NACK_QUEUE_MS = 200;

/** How often publishers are told what arrived: Janus' own default, and rarer than mediasoup's 100. */
const TRANSPORT_FEEDBACK_MS = 200;

/** Warnings, errors and fatal errors. */
const DEBUG_LEVEL = 3;

/**
 * Files of its configuration, by name: as who runs it for large rooms would set it. Nothing is loaded but videoroom and one transport, and
 * there are no events, statistics or recordings. What is not here is as Janus has it.
 *
 * - `event_loops`: without, each end has a thread of its own, and each packet wakes as many as there are receivers: 25 us of CPU time a
 *   packet in place of 14 with 60 receivers, measured on two busy cores; one loop, two and four were the same.
 * - `ice_lite`: who comes decides on the path. libnice sends checks all the same.
 * - `ice_enforce_list`: no candidates of other interfaces.
 */
export function janusConfig({ folder, socket, address, eventLoops }: JanusPlace): Readonly<Record<string, string>> {
  return {
    'janus.jcfg': [
      block('general', {
        configs_folder: folder,
        plugins_folder: `${folder}/plugins`,
        transports_folder: `${folder}/transports`,
        events_folder: `${folder}/events`,
        loggers_folder: `${folder}/loggers`,
        debug_level: DEBUG_LEVEL,
        debug_colors: false,
        session_timeout: 0, // a session ends with its socket
        ...(eventLoops > 0 && { event_loops: eventLoops }),
      }),
      block('nat', { ice_lite: true, ice_enforce_list: address }),
      block('media', {
        rtp_port_range: MEDIA_PORTS,
        min_nack_queue: NACK_QUEUE_MS,
        twcc_period: TRANSPORT_FEEDBACK_MS,
        no_media_timer: 0,
        slowlink_threshold: 0,
      }),
      block('events', { broadcast: false, stats_period: 0 }),
    ].join(''),
    'janus.transport.websockets.jcfg': [
      block('general', { json: 'compact', ws: true, ws_unix: socket, wss: false, ws_logging: 'err' }),
      block('admin', { admin_ws: false, admin_wss: false }),
    ].join(''),
    'janus.plugin.videoroom.jcfg': block('general', { events: false, string_ids: false }),
  };
}

/** In libconfig's notation. */
function block(name: string, settings: Readonly<Record<string, string | number | boolean>>): string {
  const lines = Object.entries(settings).map(([key, value]) => `  ${key} = ${JSON.stringify(value)}\n`);
  return `${name}: {\n${lines.join('')}}\n`;
}
