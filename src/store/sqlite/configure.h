// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace interlock::store::sqlite {

/// Sets SQLite up for this process: its page cache (page_cache.h), the memory of pages (page_memory.h) and its
/// messages, which go to our log. Before anything else is asked of SQLite; afterwards, or again, it does nothing.
/// Thread-safe.
void configure_sqlite();

}  // namespace interlock::store::sqlite
