/** Line drawings on a 24 px ground, in the colour of the text around them. */
const PATHS = {
  microphone: ['M12 3.5a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0v-5a3 3 0 0 1 3-3Z', 'M5.5 11.5a6.5 6.5 0 0 0 13 0', 'M12 18v3'],
  'microphone-off': [
    'M15 9.5v2a3 3 0 0 1-4.6 2.5M9 10V6.500a3 3 0 0 1 5.900-.800',
    'M5.500 11.500a6.500 6.500 0 0 0 10.300 5.300M18.500 11.500a6.500 6.500 0 0 1-.5 2.500',
    'M12 18v3',
    'M4 4l16 16',
  ],
  camera: ['M4 7.500h9a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-6a1 1 0 0 1 1-1Z', 'M15 11l5.500-3v8L15 13'],
  'camera-off': [
    'M7.500 7.500H13a2 2 0 0 1 2 2V11l5.500-3v8l-3-1.600',
    'M14.500 16a2 2 0 0 1-1.500.500H5a2 2 0 0 1-2-2v-5.500',
    'M4 4l16 16',
  ],
  screen: [
    'M4 5h16a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1Z',
    'M12 13V8.500M9.500 10.500 12 8l2.500 2.500',
    'M9 20h6',
  ],
  link: [
    'M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.700-5.700l-1.200 1.200',
    'M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.700 5.700l1.200-1.200',
  ],
  leave: [
    'M3.500 15.500c-.8-2.500 3.300-5.500 8.500-5.500s9.300 3 8.500 5.500c-.3 1-1 1.200-2 1l-2.300-.5c-.8-.2-1.200-.7-1.200-1.500v-1.300a10 10 0 0 0-6 0v1.300c0 .8-.4 1.300-1.200 1.500l-2.300.5c-1 .2-1.700 0-2-1Z',
  ],
  close: ['M6 6l12 12M18 6 6 18'],
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      {PATHS[name].map((path) => (
        <path key={path} d={path} />
      ))}
    </svg>
  );
}
