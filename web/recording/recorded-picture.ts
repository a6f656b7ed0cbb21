import { fitted, onCanvas, type Place, type Size } from './placing.ts';

/** 720p: a shared screen stays readable, and an old laptop encodes it beside a call. */
const SIZE: Size = { widthPx: 1280, heightPx: 720 };

/** Half of what cameras give: faces move well enough, and it costs half of the drawing and encoding. */
const RATE_HZ = 15;

const CORNER_PX = 12;
const NAME_PX = 18;

/** What one sees of a call, as a video track: the tiles of the page in the page's layout, with names. Panels and notices are not in it. */
export class RecordedPicture {
  readonly track: MediaStreamTrack;
  readonly #pen: CanvasRenderingContext2D;
  readonly #timer: ReturnType<typeof setInterval>;

  /** `stage` is asked anew for each picture: the page may have made another, or none. */
  constructor(stage: () => HTMLElement | null) {
    const canvas = document.createElement('canvas');
    canvas.width = SIZE.widthPx;
    canvas.height = SIZE.heightPx;
    const pen = canvas.getContext('2d', { alpha: false });
    const [track] = canvas.captureStream(RATE_HZ).getVideoTracks();
    if (!pen || !track) throw new Error('this browser draws no pictures');
    this.#pen = pen;
    this.track = track;
    this.#draw(stage());
    this.#timer = setInterval(() => this.#draw(stage()), 1000 / RATE_HZ);
  }

  close(): void {
    clearInterval(this.#timer);
    this.track.stop();
  }

  #draw(stage: HTMLElement | null): void {
    const pen = this.#pen;
    pen.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
    pen.fillRect(0, 0, SIZE.widthPx, SIZE.heightPx);
    if (!stage) return;
    const whole = placeOf(stage);
    if (whole.widthPx === 0 || whole.heightPx === 0) return;
    for (const tile of stage.querySelectorAll<HTMLElement>('[data-tile]')) {
      if (tile.checkVisibility()) this.#drawTile(tile, onCanvas(placeOf(tile), whole, SIZE));
    }
  }

  #drawTile(tile: HTMLElement, place: Place): void {
    const pen = this.#pen;
    pen.save();
    pen.beginPath();
    pen.roundRect(place.leftPx, place.topPx, place.widthPx, place.heightPx, CORNER_PX);
    pen.clip();
    pen.fillStyle = getComputedStyle(tile).backgroundColor;
    pen.fill();
    const video = tile.querySelector('video');
    if (video && video.videoWidth > 0 && video.dataset.on !== 'false') {
      const picture = { widthPx: video.videoWidth, heightPx: video.videoHeight };
      const at = fitted(picture, place, getComputedStyle(video).objectFit === 'contain' ? 'contain' : 'cover');
      pen.drawImage(video, at.leftPx, at.topPx, at.widthPx, at.heightPx); // oneself as the others see one: not mirrored
    } else this.#drawAvatar(tile.querySelector('.avatar'), place);
    this.#drawName(tile.querySelector('.plate span')?.textContent ?? '', place);
    pen.restore();
  }

  #drawAvatar(avatar: Element | null, { leftPx, topPx, widthPx, heightPx }: Place): void {
    if (!avatar) return;
    const pen = this.#pen;
    const radiusPx = Math.min(56, widthPx / 6, heightPx / 4);
    const { backgroundColor, color } = getComputedStyle(avatar);
    pen.fillStyle = backgroundColor;
    pen.beginPath();
    pen.arc(leftPx + widthPx / 2, topPx + heightPx / 2, radiusPx, 0, 2 * Math.PI);
    pen.fill();
    pen.fillStyle = color;
    pen.font = `600 ${radiusPx * 0.8}px system-ui, sans-serif`;
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    pen.fillText(avatar.textContent ?? '', leftPx + widthPx / 2, topPx + heightPx / 2);
  }

  #drawName(name: string, { leftPx, topPx, widthPx, heightPx }: Place): void {
    if (name === '') return;
    const pen = this.#pen;
    pen.font = `550 ${NAME_PX}px system-ui, sans-serif`;
    pen.textAlign = 'left';
    pen.textBaseline = 'middle';
    const textPx = Math.min(pen.measureText(name).width, Math.max(0, widthPx - 44));
    const [left, middle] = [leftPx + 10, topPx + heightPx - 26];
    pen.fillStyle = 'rgb(16 22 21 / 62%)'; // as .plate in web/style/call.css
    pen.beginPath();
    pen.roundRect(left, middle - 16, textPx + 24, 32, 16);
    pen.fill();
    pen.fillStyle = '#fff';
    pen.fillText(name, left + 12, middle + 1, textPx);
  }
}

function placeOf(element: Element): Place {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { leftPx: left, topPx: top, widthPx: width, heightPx: height };
}
