/** Runs in the page before its code: who shares a screen shares a drawn page of text, without being asked which. */
export function drawnScreen(): void {
  const draw = (pen: CanvasRenderingContext2D, time: number) => {
    pen.fillStyle = '#fdfcf8';
    pen.fillRect(0, 0, 1600, 900);
    pen.fillStyle = '#24506b';
    pen.fillRect(0, 0, 1600, 12);
    pen.font = '600 64px sans-serif';
    pen.fillText('Spring plan', 120, 160);
    pen.fillStyle = '#3d4a52';
    pen.font = '34px sans-serif';
    const lines = [
      'Garden beds: dug by March',
      'Seed swap: first Sunday in April',
      'Shed roof: two quotes, choose by Friday',
    ];
    for (const [at, line] of lines.entries()) pen.fillText(`•  ${line}`, 120, 280 + at * 76);
    for (const [at, share] of [0.4, 0.7, 0.55, 0.9].entries()) {
      pen.fillStyle = ['#8fb8a8', '#d9a45b', '#7d9cc0', '#c57b74'][at] ?? '';
      pen.fillRect(140 + at * 220, 820 - share * 260, 150, share * 260);
    }
    pen.fillStyle = '#24506b';
    pen.fillRect(1_200 + Math.sin(time / 700) * 60, 700, 24, 24);
  };
  navigator.mediaDevices.getDisplayMedia = async () => {
    const canvas = document.createElement('canvas');
    canvas.width = 1600;
    canvas.height = 900;
    const pen = canvas.getContext('2d');
    if (pen) setInterval(() => draw(pen, performance.now()), 200);
    return canvas.captureStream(5);
  };
}

/**
 * Runs in the page before its code: the camera shows a drawn person instead of Chromium's test pattern, and the microphone
 * a steady tone, for the fake device's beeps are too short to count as speech. `hue` tells people apart. `grain`, from 0 to 1, is
 * how much noise lies over the picture: without any it takes hardly any bits.
 */
export function drawnDevices(hue: number, grain = 0): void {
  const draw = (pen: CanvasRenderingContext2D, width: number, height: number, time: number) => {
    const sway = Math.sin(time / 900) * 14;
    const wall = pen.createLinearGradient(0, 0, width, height);
    wall.addColorStop(0, `hsl(${hue} 32% 82%)`);
    wall.addColorStop(1, `hsl(${hue + 30} 28% 62%)`);
    pen.fillStyle = wall;
    pen.fillRect(0, 0, width, height);
    pen.fillStyle = `hsl(${hue + 190} 30% 34%)`;
    pen.beginPath();
    pen.ellipse(width / 2 + sway / 2, height * 1.06, 330, 300, 0, 0, Math.PI * 2);
    pen.fill();
    const ellipse = (colour: string, y: number, radiusX: number, radiusY: number) => {
      pen.fillStyle = colour;
      pen.beginPath();
      pen.ellipse(width / 2 + sway, height * y, radiusX, radiusY, 0, 0, Math.PI * 2);
      pen.fill();
    };
    const skin = `hsl(24 ${40 + (hue % 7)}% ${38 + (hue % 40)}%)`;
    ellipse(`hsl(${hue + 15} 24% 20%)`, 0.37, 142, 170);
    pen.fillStyle = skin;
    pen.fillRect(width / 2 - 52 + sway, height * 0.5, 104, 130);
    ellipse(skin, 0.42, 116, 142);
    if (grain > 0) drawGrain(pen);
  };

  const drawGrain = (pen: CanvasRenderingContext2D) => {
    noise ??= drawnNoise(pen.canvas);
    pen.globalAlpha = grain;
    pen.drawImage(noise, -Math.random() * NOISE_MARGIN_PX, -Math.random() * NOISE_MARGIN_PX);
    pen.globalAlpha = 1;
  };

  /** Drawn once, and every time laid somewhere else: all pictures differ. */
  const NOISE_MARGIN_PX = 64;
  let noise: HTMLCanvasElement | undefined;
  const drawnNoise = ({ width, height }: HTMLCanvasElement) => {
    const canvas = document.createElement('canvas');
    canvas.width = width + NOISE_MARGIN_PX;
    canvas.height = height + NOISE_MARGIN_PX;
    const pixels = new ImageData(canvas.width, canvas.height);
    const words = new Uint32Array(pixels.data.buffer);
    for (let at = 0; at < words.length; at += 1) words[at] = (0xff_00_00_00 | (Math.random() * 0x1_00_00_00)) >>> 0;
    canvas.getContext('2d')?.putImageData(pixels, 0, 0);
    return canvas;
  };

  const camera = () => {
    const canvas = document.createElement('canvas');
    canvas.width = 1280;
    canvas.height = 720;
    const pen = canvas.getContext('2d');
    if (!pen) return [];
    setInterval(() => draw(pen, canvas.width, canvas.height, performance.now()), 33);
    return canvas.captureStream(30).getVideoTracks();
  };

  const microphone = () => {
    const context = new AudioContext();
    const tone = context.createOscillator();
    const destination = context.createMediaStreamDestination();
    tone.connect(destination);
    tone.start();
    return destination.stream.getAudioTracks();
  };

  navigator.mediaDevices.getUserMedia = async ({ audio, video } = {}) =>
    new MediaStream([...(audio ? microphone() : []), ...(video ? camera() : [])]);
}
