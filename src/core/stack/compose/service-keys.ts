import type { Cursor } from './cursor.ts'

/** Every key of a service that is read; see `service.ts`. */
const READ = [
  ...['image', 'pull_policy', 'platform', 'container_name', 'hostname', 'domainname', 'command', 'entrypoint'],
  ...['environment', 'env_file', 'labels', 'ports', 'expose', 'volumes', 'tmpfs', 'volumes_from', 'configs', 'secrets'],
  ...['networks', 'network_mode', 'depends_on', 'healthcheck', 'restart', 'deploy', 'scale', 'mem_limit'],
  ...['mem_reservation', 'cpus', 'pids_limit', 'user', 'group_add', 'working_dir', 'tty', 'stdin_open', 'init'],
  ...['privileged', 'read_only', 'cap_add', 'cap_drop', 'security_opt', 'devices', 'dns', 'dns_search', 'extra_hosts'],
  ...['sysctls', 'ulimits', 'shm_size', 'pid', 'ipc', 'stop_signal', 'stop_grace_period', 'logging', 'profiles'],
  // The MAC address of the first network, in its old place.
  'mac_address',
]

/** What has to do with building, watching or the screen of Compose, not with what runs. */
const WITHOUT_EFFECT = ['attach', 'develop', 'annotations', 'label_file']

/** What would make another service of it, were it left out: refused. */
const REFUSED: { readonly [key: string]: string } = {
  extends: 'Write the keys of the extended service here, or use an anchor (&) and a merge key (<<).',
  provider: 'Services of providers are run by Compose only.',
  models: 'Models are run by Compose only.',
  credential_spec: 'Use a security_opt.',
  gpus: 'Run this service with Compose.',
  runtime: 'Run this service with Compose, or set the default runtime of the engine.',
  device_cgroup_rules: 'Name the devices in devices.',
  post_start: 'Use a service that the others depend on with service_completed_successfully.',
  pre_stop: 'Let the program react to stop_signal.',
  external_links: 'Use a network that both projects share.',
}

/** What a service runs without, differently at most in detail: told, not carried over. */
const LEFT_OUT = [
  ...['links', 'dns_opt', 'uts', 'userns_mode', 'cgroup', 'cgroup_parent', 'isolation', 'storage_opt', 'blkio_config'],
  ...['cpu_count', 'cpu_percent', 'cpu_period', 'cpu_quota', 'cpu_rt_period', 'cpu_rt_runtime', 'cpu_shares', 'cpuset'],
  ...['memswap_limit', 'mem_swappiness', 'oom_kill_disable', 'oom_score_adj', 'use_api_socket'],
]

/** Reports the keys of a service that are unknown, refused, left out or without effect; none goes unseen. */
export function checkServiceKeys(service: Cursor): void {
  service.onlyKeys([...READ, ...WITHOUT_EFFECT, ...Object.keys(REFUSED), ...LEFT_OUT, 'build'])
  for (const [key, child] of service.entries()) {
    if (child.value === null) continue
    const hint = REFUSED[key]
    if (hint !== undefined) child.onKey('error', `${child.name} is not supported`, hint)
    if (LEFT_OUT.includes(key)) child.onKey('warning', `${child.name} is not carried over`)
    if (WITHOUT_EFFECT.includes(key)) child.onKey('warning', `${child.name} has no effect here`)
    if (key === 'build') readBuild(service, child)
  }
}

function readBuild(service: Cursor, build: Cursor): void {
  const image = service.get('image')
  if (image.present) build.onKey('warning', `${build.name} is not carried out; the image is taken as it is`)
  else
    build.onKey(
      'error',
      `${service.name} is built and names no image`,
      'Build it, give it a tag, and name that as image.',
    )
}
