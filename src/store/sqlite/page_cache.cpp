// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/page_cache.h"

#include <sqlite3.h>

#include <algorithm>
#include <new>
#include <set>

namespace interlock::store::sqlite {
namespace {

sqlite3_pcache_methods2 under;

/// One cache. SQLite uses it from one thread at a time.
struct Cache {
  sqlite3_pcache* pages = nullptr;
  unsigned largest_fetched = 0;
  std::multiset<unsigned> renumbered_beyond;  // a handful, for the time of one balancing
};

Cache& cache_of(sqlite3_pcache* handle) { return *reinterpret_cast<Cache*>(handle); }
sqlite3_pcache* pages_of(sqlite3_pcache* handle) { return cache_of(handle).pages; }

int initialise(void*) { return under.xInit(under.pArg); }
void shut_down(void*) { under.xShutdown(under.pArg); }

sqlite3_pcache* create(int page_bytes, int extra_bytes, int purgeable) {
  auto* cache = new (std::nothrow) Cache();
  if (cache == nullptr) return nullptr;
  cache->pages = under.xCreate(page_bytes, extra_bytes, purgeable);
  if (cache->pages != nullptr) return reinterpret_cast<sqlite3_pcache*>(cache);
  delete cache;
  return nullptr;
}

void destroy(sqlite3_pcache* handle) {
  under.xDestroy(pages_of(handle));
  delete &cache_of(handle);
}

sqlite3_pcache_page* fetch(sqlite3_pcache* handle, unsigned number, int create_flag) {
  auto& cache = cache_of(handle);
  auto* page = under.xFetch(cache.pages, number, create_flag);
  if (page != nullptr) cache.largest_fetched = std::max(cache.largest_fetched, number);
  return page;
}

void unpin(sqlite3_pcache* handle, sqlite3_pcache_page* page, int discard) {
  under.xUnpin(pages_of(handle), page, discard);
}

/// Called by SQLite without a way to fail: where the note cannot be kept, the number counts as fetched.
void renumber(sqlite3_pcache* handle, sqlite3_pcache_page* page, unsigned from, unsigned to) {
  auto& cache = cache_of(handle);
  under.xRekey(cache.pages, page, from, to);
  if (const auto noted = cache.renumbered_beyond.find(from); noted != cache.renumbered_beyond.end()) {
    cache.renumbered_beyond.erase(noted);
  }
  if (to <= cache.largest_fetched) return;
  try {
    cache.renumbered_beyond.insert(to);
  } catch (const std::bad_alloc&) {
    cache.largest_fetched = to;
  }
}

void truncate(sqlite3_pcache* handle, unsigned limit) {
  auto& cache = cache_of(handle);
  const bool beyond = !cache.renumbered_beyond.empty() && *cache.renumbered_beyond.rbegin() >= limit;
  if (limit > cache.largest_fetched && !beyond) return;
  under.xTruncate(cache.pages, limit);
  cache.largest_fetched = std::min(cache.largest_fetched, limit == 0 ? 0 : limit - 1);
  cache.renumbered_beyond.erase(cache.renumbered_beyond.lower_bound(limit), cache.renumbered_beyond.end());
}

void resize(sqlite3_pcache* handle, int pages) { under.xCachesize(pages_of(handle), pages); }
int count(sqlite3_pcache* handle) { return under.xPagecount(pages_of(handle)); }
void shrink(sqlite3_pcache* handle) { under.xShrink(pages_of(handle)); }

}  // namespace

void install_page_cache() {
  if (under.xCreate != nullptr) return;
  if (sqlite3_config(SQLITE_CONFIG_GETPCACHE2, &under) != SQLITE_OK) return;
  sqlite3_pcache_methods2 layer{};
  layer.iVersion = 1;
  layer.xInit = initialise;
  layer.xShutdown = shut_down;
  layer.xCreate = create;
  layer.xCachesize = resize;
  layer.xPagecount = count;
  layer.xFetch = fetch;
  layer.xUnpin = unpin;
  layer.xRekey = renumber;
  layer.xTruncate = truncate;
  layer.xDestroy = destroy;
  layer.xShrink = shrink;
  sqlite3_config(SQLITE_CONFIG_PCACHE2, &layer);
}

}  // namespace interlock::store::sqlite
