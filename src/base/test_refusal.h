// SPDX-License-Identifier: Apache-2.0
// For tests that expect a refusal.
#pragma once

#include <gtest/gtest.h>

#include "base/refusal.h"

namespace interlock {

/// The refusal of the body; the test fails without one.
template <class Body>
Refusal refused(Body body) {
  try {
    body();
  } catch (const Refusal& refusal) {
    return refusal;
  }
  ADD_FAILURE() << "nothing was refused";
  return Refusal(ErrorCode::internal);
}

}  // namespace interlock
