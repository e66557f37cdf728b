/** A Compose file that uses every key we carry over, in short and in long forms. */
export const everything = `
name: lab
x-defaults: &defaults
  restart: unless-stopped
  logging: {driver: json-file, options: {max-size: 10m, max-file: 3}}
services:
  web:
    <<: *defaults
    image: \${REGISTRY:-docker.io}/web:\${TAG}
    platform: linux/amd64
    pull_policy: if_not_present
    hostname: web
    domainname: example.org
    command: sh -c "echo 'a b' $$HOME" x\\ y
    entrypoint: []
    ports:
      - "80"
      - "8080:80"
      - 127.0.0.1:9000-9001:90-91/udp
      - "[::1]:443:443"
      - "8000-8002:81"
      - "3000-3001"
      - 127.0.0.1::82
      - {target: 5, published: 6-7, protocol: tcp, mode: host}
      - {target: 8, published: 8, host_ip: 10.0.0.1}
    expose: [3000, 4000/udp]
    volumes:
      - ./x:/x:ro,z
      - data:/data:nocopy
      - data:/data2:rw
      - /anonymous
      - ~/h:/h:rshared
      - {type: tmpfs, target: /t, tmpfs: {size: 10m, mode: 0755}}
      - {type: bind, source: ./a, target: /b, read_only: true, bind: {create_host_path: false}}
      - {type: bind, source: /abs, target: /c, bind: {propagation: rslave, create_host_path: true}}
      - {type: volume, source: ext, target: /d, read_only: true, volume: {subpath: q}}
    tmpfs: [/run, "/tmp:size=5m,mode=700"]
    healthcheck: {test: curl -f x || exit 1, interval: 1m30s, timeout: 500ms, retries: "3", start_period: 0s, start_interval: 1s}
    depends_on:
      db: {condition: service_healthy, restart: true, required: false}
      job: {condition: service_completed_successfully}
    environment:
      TEXT: plain
      NUMBER: 1
      FRACTION: 1.50
      OCTAL: 0014
      HEXADECIMAL: 0x1F
      BIG: 12345678901234567890
      FLAG: true
      NO_FLAG: no
      EMPTY: ""
      OUTSIDE:
      UNKNOWN_OUTSIDE:
      DOLLAR: x$$y
      LINES: |
        first

          second
    env_file: [{path: web.env, required: false}]
    deploy:
      replicas: 2
      resources:
        limits: {cpus: 0.5, memory: 128m, pids: 5}
        reservations: {cpus: "0.25", memory: 64mb}
      update_config: {order: start-first, delay: 10s, failure_action: rollback, monitor: 5s, parallelism: 2}
    configs:
      - inline
      - {source: from-file, target: /etc/x, uid: "103", gid: "104", mode: 0440}
    secrets: [key, {source: key, target: other}]
    ulimits: {nofile: 1024, nproc: {soft: 1, hard: 2}}
    extra_hosts: ["a:1.2.3.4", "b=host-gateway", "c:[::1]"]
    sysctls: {net.core.somaxconn: 1024}
    shm_size: 64m
    stop_grace_period: 1m30s
    stop_signal: SIGUSR1
    labels: {a: b, n: 5, t: true}
    networks:
      default: {aliases: [x]}
      back: {ipv4_address: 10.7.0.5, priority: 5}
    dns: 1.1.1.1
    dns_search: [a.b, c.d]
    init: true
    devices: ["/dev/null:/dev/n:r", /dev/zero, "/dev/full:/dev/f"]
    user: "1000:1000"
    group_add: [audio]
    working_dir: /srv
    tty: true
    stdin_open: true
    privileged: true
    read_only: true
    cap_add: [NET_ADMIN]
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
  db:
    image: postgres:16
    container_name: the-db
    cpus: 1.5
    mem_limit: 1g
    mem_reservation: 512m
    pids_limit: 100
    scale: 1
    healthcheck: {disable: true}
    networks: [back]
    env_file: [db.env, more.env]
    environment: [FROM_LIST=a=b, MINE=over, OUTSIDE]
    labels: [q=r, z]
  job:
    image: job
    network_mode: host
    restart: on-failure:3
    pid: host
    ipc: host
  beside:
    image: beside
    network_mode: service:db
    volumes_from: [web:ro]
  policy:
    image: policy
    deploy: {restart_policy: {condition: on-failure, max_attempts: 5}}
  never:
    image: never
    profiles: [rare]
networks:
  back:
    name: the-back
    driver: bridge
    driver_opts: {a: 1}
    internal: true
    attachable: true
    enable_ipv6: true
    labels: [k=v]
    ipam: {config: [{subnet: 10.7.0.0/24, gateway: 10.7.0.1, ip_range: 10.7.0.0/28}]}
  unused: {}
volumes:
  data: {driver: local, driver_opts: {type: none}, labels: {k: v}}
  ext: {external: true, name: outer}
  unused:
configs:
  inline:
    content: |
      port = 1
      cost = $\${A}
  from-file: {file: ./c2}
secrets:
  key: {environment: KEY}
`

export const files = {
  'db.env': 'FROM_FILE=1\nMINE=under\nQUOTED="a $OUTSIDE"\n',
  'more.env': "FROM_FILE=2\nRAW='$x'\n",
}

export const outside: Readonly<Record<string, string>> = { TAG: '1.2', OUTSIDE: 'from outside', KEY: 'abc' }
