// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace interlock::server {

class Runtime;

/// Fills an empty data directory with the demo tenants, by ordinary operations; a directory whose seeding was
/// interrupted is emptied first. Answers whether anything was seeded: one that holds other data is left alone. Throws
/// CommandError.
bool seed_demo(Runtime& runtime);

}  // namespace interlock::server
