// SPDX-License-Identifier: Apache-2.0
// The OpenAPI 3.1 document, made from the record types, operations and routes that the program really has.
#pragma once

#include <string>

#include "model/schema.h"

namespace interlock::http {

/// `key_retention`: how long idempotency keys are kept.
std::string openapi_json(const Schema& schema, const std::string& version, Duration key_retention);

}  // namespace interlock::http
