// SPDX-License-Identifier: Apache-2.0
// The demo agency: somebody of the staff, the owner, and services that are sold for the tests.
import { Program } from './world.js';

export const owner = 'owner@agency.test';
export const staff = 'staff01@agency.test';

/** A client of the staff's who is interested in a product. */
export interface Sold {
  readonly service: string;
  readonly customer: string;
  readonly client: string;
  readonly product: string;
  readonly name: string;
  readonly partner: string;
  readonly school: string;
}

interface Item {
  readonly id: string;
  readonly kind?: string;
}

export class Agency {
  private constructor(
    readonly asking: Program,
    readonly seller: string,
  ) {}

  static async open(url: string): Promise<Agency> {
    const asking = await Program.logIn(url, owner);
    const { items } = await asking.get(`/api/users?email=${encodeURIComponent(staff)}`);
    return new Agency(asking, items[0].id);
  }

  /** With a partner, a product and a client of its own. */
  async sell(about: string): Promise<Sold> {
    const [school, name, client] = [`School of ${about}`, `Course of ${about}`, `Clara of ${about}`];
    const partner = (await this.asking.post('/api/partners', { name: school })).id;
    const product = (await this.asking.post('/api/products', { partner, name })).id;
    const customer = (await this.asking.post('/api/customers', { name: client, assigned_to: this.seller })).id;
    const service = (await this.asking.post('/api/interested-services', { customer, product })).id;
    return { service, customer, client, product, name, partner, school };
  }

  async applications({ customer }: Sold): Promise<Item[]> {
    return (await this.asking.get(`/api/applications?customer=${customer}`)).items;
  }

  /** Those that tell of a conversion. */
  async activities({ customer }: Sold): Promise<Item[]> {
    return (await this.asking.get(`/api/activities?subject=${customer}&kind=conversion`)).items;
  }
}
