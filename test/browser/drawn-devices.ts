/**
 * Runs in the page before its code: the camera shows a drawn person instead of Chromium's test pattern, and the microphone
 * a steady tone, for the fake device's beeps are too short to count as speech. `hue` tells people apart.
 */
export function drawnDevices(hue: number): void {
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
