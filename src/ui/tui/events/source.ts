import { type ActivityHistory, activityHistory } from '../../../core/actions/activity.ts'
import { updateNotice } from '../../../core/actions/update-notice.ts'
import type { Target, World } from '../../../core/actions/world.ts'
import { quietWorld } from '../quiet-world.ts'
import type { Past } from './state.ts'

/** Where the past of an instance is read. Rejects with a DdalabError. */
export interface PastSource {
  read(): Promise<Past>
}

/** Through core. No secret is in what it tells. */
export function livePast(world: World, target: Target): PastSource {
  const quiet = quietWorld(world, world.signal)
  let history: ActivityHistory | undefined
  let activities: Past['activities'] = []
  return {
    read: async () => {
      const read = await activityHistory(quiet.world, target, history)
      if (read !== history) activities = quiet.safe(read.activities)
      history = read
      return { activities, notice: await updateNotice(quiet.world, target) }
    },
  }
}
