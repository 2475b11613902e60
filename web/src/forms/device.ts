/** What the device can tell: where it is, what its camera sees, what a code says. */
import type { Said } from '../api/index.ts';

/** WGS 84 in degrees, precision in metres, ISO moment. */
export interface Place {
  lat: number;
  lon: number;
  accuracy: number;
  at: string;
}

/** Why the device did not answer, and what helps. */
export class DeviceError extends Error {
  readonly said: Said;
  constructor(said: Said) {
    super(said.en);
    this.said = said;
  }
}

const denied = {
  zh: '浏览器没有允许定位。在地址栏左边的设置里允许，再试一次',
  en: 'Allow the location in the browser',
};
const unavailable = { zh: '取不到位置。到室外或窗边再试一次', en: 'No position was found; try again in the open' };
const slow = { zh: '30 秒内没有取到位置。到室外再试一次', en: 'No position within 30 s; try again in the open' };
const noPlace = { zh: '这台设备不能定位。用手机打开这一页', en: 'This device has no position; use a phone' };
const noCamera = { zh: '没有能用的摄像头，或没有允许使用', en: 'There is no camera, or it is not allowed' };
const LOCATE_MS = 30_000;
const DENIED = 1;
const TIMEOUT = 3;

/** @throws DeviceError */
export function locate(): Promise<Place> {
  return new Promise((resolve, reject) => {
    if (!('geolocation' in navigator)) return reject(new DeviceError(noPlace));
    navigator.geolocation.getCurrentPosition(
      ({ coords, timestamp }) =>
        resolve({
          lat: round(coords.latitude),
          lon: round(coords.longitude),
          accuracy: Math.round(coords.accuracy),
          at: new Date(timestamp).toISOString(),
        }),
      ({ code }) => reject(new DeviceError(code === DENIED ? denied : code === TIMEOUT ? slow : unavailable)),
      { enableHighAccuracy: true, timeout: LOCATE_MS, maximumAge: 0 },
    );
  });
}
const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6;

/** The camera at the back, as a stream; with sound for films. @throws DeviceError */
export async function openCamera(sound = false): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia({
      video: { facingMode: { ideal: 'environment' }, width: { ideal: 1920 } },
      audio: sound,
    });
  } catch {
    // Without a secure connection there is no `mediaDevices` at all.
    throw new DeviceError(noCamera);
  }
}

interface Detector {
  detect(image: CanvasImageSource | Blob): Promise<{ rawValue: string }[]>;
}
type DetectorClass = (new () => Detector) | undefined;

export type ReadCode = (image: HTMLCanvasElement) => Promise<string | null>;

/** Reads QR and bar codes: by the browser where it can, else by a library that is fetched for it. */
export async function createCodeReader(): Promise<ReadCode> {
  const Native = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  if (Native) {
    const detector = new Native();
    return async (canvas) => (await detector.detect(canvas).catch(() => []))[0]?.rawValue ?? null;
  }
  const { BinaryBitmap, HTMLCanvasElementLuminanceSource, HybridBinarizer, MultiFormatReader } =
    await import('@zxing/library');
  const reader = new MultiFormatReader();
  return (canvas) => {
    const bitmap = new BinaryBitmap(new HybridBinarizer(new HTMLCanvasElementLuminanceSource(canvas)));
    try {
      return Promise.resolve(reader.decode(bitmap).getText());
    } catch {
      return Promise.resolve(null);
    }
  };
}

/** Codes are read at this width at most: larger pictures are slower and not better. */
const CODE_WIDTH = 1280;

/** A frame of the camera, or a picture, on a canvas. */
export function drawn(image: HTMLVideoElement | ImageBitmap, most = CODE_WIDTH): HTMLCanvasElement {
  const [width, height] =
    image instanceof HTMLVideoElement ? [image.videoWidth, image.videoHeight] : [image.width, image.height];
  const scale = Math.min(1, most / width);
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.getContext('2d', { willReadFrequently: true })!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}
