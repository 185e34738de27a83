// SPDX-License-Identifier: Apache-2.0
#include "domains/catalogue/catalogue.h"

#include "base/money.h"
#include "domains/platform/settings.h"
#include "domains/references.h"

namespace interlock::domains {

namespace {

/// Shown as a link: nothing that a browser would run.
bool is_web_address(std::string_view text) { return text.starts_with("https://") || text.starts_with("http://"); }

}  // namespace

void check_partner(Tx&, const void*, void* after) {
  const auto& partner = *static_cast<const Partner*>(after);
  if (partner.website.empty() || is_web_address(partner.website)) return;
  throw Refusal(ErrorCode::invalid_value, "a web address begins with https:// or http://").at_field("website");
}

void check_product(Tx& tx, const void* before, void* after) {
  auto& product = *static_cast<Product*>(after);
  if (before == nullptr) require_reference(tx, product.partner, "partner");
  if (!product.price_minor) product.currency.clear();
  if (product.price_minor && product.currency.empty()) product.currency = settings_of(tx).currency;
  if (!product.currency.empty() && !parse_currency(product.currency))
    throw Refusal(ErrorCode::invalid_value, "not a currency code (ISO 4217)").at_field("currency");
}

}  // namespace interlock::domains
