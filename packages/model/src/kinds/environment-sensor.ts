import { analog, defineKind } from './define-kind.ts';

export const environmentSensor = defineKind({
  kind: 'environment-sensor',
  label: { en: 'Environment sensor', zh: '环境传感器' },
  plural: { en: 'Environment sensors', zh: '环境传感器' },
  brick: 'Sensor',
  points: {
    temperature: analog({ en: 'Temperature', zh: '温度' }, 'Cel', [-60, 100], 0.1, 1),
    humidity: analog({ en: 'Relative humidity', zh: '相对湿度' }, '%', [0, 100], 0.5, 0),
    co2: analog({ en: 'CO₂', zh: '二氧化碳' }, 'ppm', [0, 40_000], 10, 0),
    pm25: analog({ en: 'PM2.5', zh: 'PM2.5' }, 'ug/m3', [0, 2000], 1, 0),
    illuminance: analog({ en: 'Illuminance', zh: '照度' }, 'lx', [0, 200_000], 10, 0),
    battery: analog({ en: 'Battery', zh: '电池电量' }, '%', [0, 100], 1, 0),
  },
});
