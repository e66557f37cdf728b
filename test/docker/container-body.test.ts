import { describe, expect, test } from 'vitest'
import { containerBody } from '../../src/core/providers/docker/container-body.ts'
import type { Service } from '../../src/core/stack/model.ts'
import { aNetwork, aService, aStack, aVolume } from '../support/stack.ts'

function bodyOf(service: Service, apiVersion = '1.51') {
  const stack = aStack('shop', [service], {
    networks: { front: aNetwork('shop_front'), back: aNetwork('shop_back') },
    volumes: { data: aVolume('archive') },
  })
  return containerBody(stack, service, {
    number: 1,
    finalName: 'shop-web-1',
    imageId: 'sha256:f00',
    apiVersion,
    labels: {},
    anonymousVolumes: [],
    containerOf: (name) => `shop-${name}-1`,
  })
}

const twoNetworks = aService('web', {
  networks: { front: { aliases: ['www'], priority: 10 }, back: { aliases: [], ipv4Address: '10.0.0.9' } },
})

describe('the body of a new container', () => {
  test('rule 34: every network gets its full endpoint, aliases and addresses', () => {
    expect(bodyOf(twoNetworks).body.NetworkingConfig).toEqual({
      EndpointsConfig: {
        shop_front: { Aliases: ['shop-web-1', 'web', 'www'] },
        shop_back: { Aliases: ['shop-web-1', 'web'], IPAMConfig: { IPv4Address: '10.0.0.9' } },
      },
    })
  })

  test('rule 46: an engine older than API 1.44 is given one network, the others are connected afterwards', () => {
    const { body, connectLater } = bodyOf(twoNetworks, '1.41')
    expect(body.NetworkingConfig).toEqual({
      EndpointsConfig: { shop_front: { Aliases: ['shop-web-1', 'web', 'www'] } },
    })
    expect(Object.keys(connectLater)).toEqual(['shop_back'])
    expect(bodyOf(twoNetworks, '1.44').connectLater).toEqual({})
  })

  test('rule 45: start_interval is left out where the engine does not know it; durations become nanoseconds', () => {
    const service = aService('web', { healthcheck: { test: ['CMD', 'true'], interval: 1_500, startInterval: 500 } })
    expect(bodyOf(service, '1.41').body.Healthcheck).toEqual({ Test: ['CMD', 'true'], Interval: 1.5e9 })
    expect(bodyOf(service, '1.44').body.Healthcheck).toEqual({
      Test: ['CMD', 'true'],
      Interval: 1.5e9,
      StartInterval: 5e8,
    })
  })

  test('rule 10: volumes are mounts, under the name that the engine knows', () => {
    const service = aService('web', {
      mounts: [{ type: 'volume', source: 'data', target: '/data', readOnly: true, noCopy: false }],
    })
    expect(bodyOf(service).body.HostConfig).toMatchObject({
      Mounts: [{ Type: 'volume', Source: 'archive', Target: '/data', ReadOnly: true }],
    })
  })

  test('rule 39: the engine is never asked to create the source of a bind', () => {
    const bind = { type: 'bind', source: '/srv/in', target: '/in', readOnly: true, createHostPath: true } as const
    const text = JSON.stringify(bodyOf(aService('web', { mounts: [bind] })).body)
    expect(text).toContain('/srv/in')
    expect(text).not.toContain('CreateMountpoint')
  })

  test('shares of another service are named by its container', () => {
    const service = aService('web', { networkMode: 'service:vpn', networks: {}, volumesFrom: ['db:ro'] })
    expect(bodyOf(service).body.HostConfig).toMatchObject({
      NetworkMode: 'container:shop-vpn-1',
      VolumesFrom: ['shop-db-1:ro'],
    })
  })
})
