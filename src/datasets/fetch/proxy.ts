import type http from 'node:http'
import { HttpProxyAgent } from 'http-proxy-agent'
import { HttpsProxyAgent } from 'https-proxy-agent'
import { getProxyForUrl } from 'proxy-from-env'
import { ConfigError } from '../../platform/errors.js'

/** A proxy. */
export interface WebProxy {
  readonly agent: http.Agent
  /** For display, without the password. */
  readonly name: string
}

/**
 * The proxy for a URL from the environment (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, upper or lower case, except for
 * hosts in `NO_PROXY`); null if there is none.
 *
 * @throws ConfigError for a proxy that cannot be used.
 */
export function proxyFor(url: URL): WebProxy | null {
  const named = namedProxy(url)
  if (named === null) return null
  const proxy = URL.canParse(named) ? new URL(named) : null
  if (proxy === null || (proxy.protocol !== 'http:' && proxy.protocol !== 'https:')) {
    const variable = `${url.protocol.slice(0, -1).toUpperCase()}_PROXY`
    throw new ConfigError(
      `${variable} (or ALL_PROXY) must be the URL of an http or https proxy, such as http://proxy.example:3128. ` +
        'Correct it, or unset it.',
    )
  }
  const agent = url.protocol === 'https:' ? new HttpsProxyAgent(proxy) : new HttpProxyAgent(proxy)
  return { agent, name: `${proxy.protocol}//${proxy.host}` }
}

function namedProxy(url: URL): string | null {
  const named = getProxyForUrl(url.href)
  if (named === '') return null
  // Without a scheme the library uses that of the URL; curl and others use http.
  const bare = named.slice(`${url.protocol}//`.length)
  const given = ['https_proxy', 'http_proxy', 'all_proxy'].flatMap((name) => [
    process.env[name],
    process.env[name.toUpperCase()],
  ])
  return given.includes(bare) ? `http://${bare}` : named
}
