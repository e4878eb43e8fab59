import { lookup as resolve, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Which addresses webhooks may go to. */
export interface AddressGuard {
  /** Whether nothing may ever be sent to this host: an address that is not permitted. A name is checked when it is resolved. */
  forbids(hostname: string): boolean;
  /** Resolves a name to permitted addresses only, for the very connection that is made: a name cannot change in between. */
  readonly lookup: LookupFunction;
}

export class AddressForbidden extends Error {
  override readonly name = 'AddressForbidden';
  readonly code = 'AddressForbidden';
}

/**
 * Public unicast addresses are permitted; loopback, private, link-local and all other special ones only where they are
 * in one of the networks (CIDR). So nobody reaches the machines around the platform by way of a webhook.
 */
export function createAddressGuard(networks: readonly string[]): AddressGuard {
  const permitted = networks.map((network) => ipaddr.parseCIDR(network));

  function permits(text: string): boolean {
    if (!ipaddr.isValid(text)) return false;
    // An IPv4 address in IPv6 clothes is judged as what it is.
    const address = ipaddr.process(text);
    if (address.range() === 'unicast') return true;
    return permitted.some(([network, bits]) => network.kind() === address.kind() && address.match([network, bits]));
  }

  return {
    forbids(hostname) {
      const host = hostname.replace(/^\[(.*)\]$/, '$1');
      return isIP(host) !== 0 && !permits(host);
    },
    lookup(hostname, options, callback) {
      resolve(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
        if (error) return callback(error, '', 0);
        const good = found.filter(({ address }) => permits(address));
        const [first] = good;
        if (!first) return callback(new AddressForbidden('The name leads to addresses that are not permitted'), '', 0);
        return options.all === true ? callback(null, good) : callback(null, first.address, first.family);
      });
    },
  };
}
