// SPDX-License-Identifier: Apache-2.0
#include "domains/catalogue/catalogue.h"

namespace interlock::domains {

namespace {

constexpr auto product_fields =
    fields<Product>(field<&Product::partner>(required, fixed, reference<Partner>(OnDelete::refuse)),
                    field<&Product::name>(required, max_bytes(200), searchable, mergeable),
                    field<&Product::kind>(max_bytes(64), indexed, searchable, mergeable),
                    field<&Product::description>(max_bytes(10'000), searchable, mergeable),
                    field<&Product::price_minor>(between(0, 1'000'000'000'000)),
                    field<&Product::currency>(max_bytes(3)), field<&Product::duration>(max_bytes(64), mergeable),
                    field<&Product::tags>(mergeable), field<&Product::active>(mergeable));

}  // namespace

const RecordType& record_type_of(const Product*) {
  static const RecordType type =
      make_record_type<Product>(81, "product", "products", product_fields,
                                {.module = "catalogue", .default_sort = "name", .before_save = &check_product});
  return type;
}

}  // namespace interlock::domains
