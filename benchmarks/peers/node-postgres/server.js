// SPDX-License-Identifier: Apache-2.0
// The usual stack, written carefully: one transaction per request, key table, row lock, change table.
const fastify = require('fastify')()
const { Pool } = require('pg')
const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 20 })
const records = Number(process.env.RECORDS || 10000)

const sql = {
  key: { name: 'key', text: 'insert into keys (key) values ($1) on conflict do nothing returning key' },
  answer: { name: 'answer', text: 'select answer from keys where key = $1' },
  read: { name: 'read', text: 'select version, address from customers where id = $1 for update' },
  update: { name: 'update', text: 'update customers set version = version + 1, address = $2, updated_at = now() where id = $1 returning *' },
  change: { name: 'change', text: "insert into changes (collection, id, operation, diff) values ('customers', $1, 'update', $2)" },
  store: { name: 'store', text: 'update keys set answer = $2 where key = $1' },
}

fastify.patch('/customers/:id', async (request, reply) => {
  const id = Number(request.params.id)
  const { address } = request.body
  const key = request.headers['idempotency-key']
  const client = await pool.connect()
  try {
    await client.query('begin')
    if (!(await client.query({ ...sql.key, values: [key] })).rowCount) {
      await client.query('rollback')
      return (await pool.query({ ...sql.answer, values: [key] })).rows[0].answer
    }
    const before = (await client.query({ ...sql.read, values: [id] })).rows[0]
    const after = (await client.query({ ...sql.update, values: [id, address] })).rows[0]
    await client.query({ ...sql.change, values: [id, JSON.stringify({ address: [before.address, address] })] })
    await client.query({ ...sql.store, values: [key, JSON.stringify(after)] })
    await client.query('commit')
    return after
  } catch (error) {
    await client.query('rollback')
    reply.code(500)
    return { error: String(error) }
  } finally { client.release() }
})

async function main() {
  await pool.query(`drop table if exists customers, changes, keys;
    create table customers (id int primary key, version int default 1, updated_at timestamptz default now(), status text, phone text, address text, notes text); create index on customers (updated_at);
    create table changes (seq bigserial primary key, collection text, id int, operation text, at timestamptz default now(), diff jsonb);
    create table keys (key uuid primary key, at timestamptz default now(), answer jsonb);
    insert into customers select g, 1, now(), 'new', '555', '1 Long Street', 'a note of ordinary length about a customer' from generate_series(0, ${records - 1}) g`)
  await fastify.listen({ port: Number(process.env.PORT || 8100), host: '127.0.0.1' })
  console.log('ready')
}
main()
