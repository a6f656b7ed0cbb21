export interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

export interface Place extends Size {
  readonly leftPx: number;
  readonly topPx: number;
}

/** How a picture fills its place, as CSS's object-fit says it. */
export type Fit = 'cover' | 'contain';

/** Where what is at `place` on the screen comes to be when all of `stage` is put on a canvas of that size, as large as it fits. */
export function onCanvas(place: Place, stage: Place, canvas: Size): Place {
  const whole = fitted(stage, { leftPx: 0, topPx: 0, ...canvas }, 'contain');
  const scale = whole.widthPx / stage.widthPx;
  return {
    leftPx: whole.leftPx + (place.leftPx - stage.leftPx) * scale,
    topPx: whole.topPx + (place.topPx - stage.topPx) * scale,
    widthPx: place.widthPx * scale,
    heightPx: place.heightPx * scale,
  };
}

/** Where a picture of that size is drawn to fill `place`: `cover` goes beyond its edges, `contain` stays within. */
export function fitted(picture: Size, place: Place, fit: Fit): Place {
  const scales = [place.widthPx / picture.widthPx, place.heightPx / picture.heightPx];
  const scale = fit === 'cover' ? Math.max(...scales) : Math.min(...scales);
  const widthPx = picture.widthPx * scale;
  const heightPx = picture.heightPx * scale;
  return {
    leftPx: place.leftPx + (place.widthPx - widthPx) / 2,
    topPx: place.topPx + (place.heightPx - heightPx) / 2,
    widthPx,
    heightPx,
  };
}
