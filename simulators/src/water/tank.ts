export interface TankShape {
  id: string;
  /** Base area, m². */
  area: number;
  /** Usable depth, m. */
  depth: number;
  /** Depths at which the float switches change, m. */
  lowFloat: number;
  highFloat: number;
}

/** A tank with vertical walls. Volumes in m³, flows in m³/h. */
export class Tank {
  readonly shape: TankShape;
  volume: number;
  /** All that came in, went out and ran over since the start, m³; volume = first volume + in - out - over. */
  totalIn = 0;
  totalOut = 0;
  totalOver = 0;
  temperature = 18;

  constructor(shape: TankShape, volume: number) {
    this.shape = shape;
    this.volume = Math.min(shape.area * shape.depth, Math.max(0, volume));
  }

  get depth(): number {
    return this.volume / this.shape.area;
  }

  /** Share of the usable depth, 0 to 1. */
  get level(): number {
    return this.depth / this.shape.depth;
  }

  /** Moves water for `dt` seconds: no more leaves than is there, what does not fit runs over. */
  step(inflow: number, outflow: number, dt: number): void {
    const entering = (inflow * dt) / 3600;
    const leaving = Math.min((outflow * dt) / 3600, this.volume + entering);
    const capacity = this.shape.area * this.shape.depth;
    const over = Math.max(0, this.volume + entering - leaving - capacity);
    this.volume = Math.max(0, this.volume + entering - leaving - over);
    this.totalIn += entering;
    this.totalOut += leaving;
    this.totalOver += over;
  }
}
