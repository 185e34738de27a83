// SPDX-License-Identifier: Apache-2.0
#include "model/operation.h"

namespace interlock {

StructBox::StructBox(const StructInfo& info)
    : info_(&info), data_(::operator new(info.size, std::align_val_t{info.align})) {
  info.construct(data_);
}

StructBox::~StructBox() {
  if (data_ == nullptr) return;
  info_->destroy(data_);
  ::operator delete(data_, std::align_val_t{info_->align});
}

}  // namespace interlock
