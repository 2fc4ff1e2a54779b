import { day, localTime } from './local-time.ts';
import { noise } from './noise.ts';

export interface Weather {
  /** Outdoor air, °C. */
  temperature(at: number): number;
  /** Relative humidity outdoors, %. */
  humidity(at: number): number;
  /** Daylight outdoors, lx. */
  illuminance(at: number): number;
  /** Fine dust outdoors, µg/m³. */
  dust(at: number): number;
}

/**
 * Shanghai's climate as a pure function of time: yearly mean 17 °C, warmest at the end of July, a daily swing with its top at
 * 15:00 and weather fronts over it.
 */
export function createWeather(seed: number): Weather {
  const front = noise('weather-front', seed, 3.2 * day);
  const gust = noise('weather-gust', seed, day / 12);
  const damp = noise('weather-damp', seed, 1.7 * day);
  const smog = noise('weather-smog', seed, 2.3 * day);
  const cloud = noise('weather-cloud', seed, day / 8);

  function temperature(at: number): number {
    const { dayOfYear, hour } = localTime(at);
    const season = 17 + 11.8 * Math.cos((2 * Math.PI * (dayOfYear - 208)) / 365.25);
    const swing = 3.6 * Math.cos((2 * Math.PI * (hour - 15)) / 24);
    return season + swing + 4 * front(at) + 0.6 * gust(at);
  }

  return {
    temperature,
    humidity(at) {
      const { hour } = localTime(at);
      const value = 72 - 12 * Math.cos((2 * Math.PI * (hour - 15)) / 24) + 16 * damp(at);
      return Math.min(99, Math.max(20, value));
    },
    illuminance(at) {
      const { dayOfYear, hour } = localTime(at);
      const halfDay = 6 + Math.cos((2 * Math.PI * (dayOfYear - 172)) / 365.25);
      const height = Math.cos((Math.PI / 2) * ((hour - 12) / halfDay));
      if (Math.abs(hour - 12) >= halfDay || height <= 0) return 2;
      return 2 + 70_000 * height ** 1.5 * (0.6 + 0.4 * cloud(at));
    },
    dust: (at) => Math.max(4, 38 + 26 * smog(at) + 3 * gust(at)),
  };
}
