// SPDX-License-Identifier: Apache-2.0
// SQLite's own page cache, told to truncate only when there is something to truncate.
//
// At every commit SQLite drops cached pages beyond the end of the database. Its cache remembers the largest page number
// seen, and balancing a tree renumbers pages through the number of the page at 1 GiB, so that after nearly every commit
// it looks through its whole table: 13 % of the time of groups of 64 updates on a cache of 25,000 pages. This layer
// over it knows which numbers are still in use and leaves such calls out.
#pragma once

namespace interlock::store::sqlite {

/// Before SQLite is initialised, once in a process; afterwards, or again, it does nothing. Not thread-safe.
void install_page_cache();

}  // namespace interlock::store::sqlite
