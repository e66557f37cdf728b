import type { Progress } from '../../kernel/index.ts'
import type { LayerProgress } from './client/index.ts'

/** What has come of an image, in bytes, and how far each layer is. */
export function pullProgress(layers: readonly LayerProgress[]): Progress {
  const sum = (amount: (layer: LayerProgress) => number) => layers.reduce((total, layer) => total + amount(layer), 0)
  return {
    message: 'pulling',
    current: sum(({ current }) => current),
    total: sum(({ total }) => total),
    unit: 'bytes',
    layers,
  }
}
