// SPDX-License-Identifier: Apache-2.0
// Blobs in a store that speaks the S3 protocol, so that every node serves every file:
//
//   PREFIX/TENANT/XX/NAME     a tenant's blob; XX: the name's first two digits
//
// Uploads and downloads are spooled on the node's disk. An object appears whole or not at all; when it was kept is what
// the store says (Last-Modified). The protocol cannot remove only what is still old, so a guard keeps removals from
// uploads of the same content and from backups: one that all nodes share, where there are several.
#pragma once

#include <memory>
#include <string>

#include "providers/s3_client.h"
#include "store/spool.h"

namespace interlock::providers {

class S3Blobs final : public store::Blobs {
 public:
  /// `spool_directory` is the node's own.
  S3Blobs(S3Options options, std::string spool_directory, std::unique_ptr<store::BlobGuard> guard, Random& random);

  /// Whether the bucket is there and these keys may list it; throws StoreError with what is wrong, for whoever started
  /// the server.
  void require_bucket();

  std::unique_ptr<store::BlobDraft> begin() override;
  std::string keep(TenantId tenant, store::BlobDraft& draft) override;
  std::unique_ptr<store::Blob> open(TenantId tenant, std::string_view name) override;
  std::vector<std::string> names(TenantId tenant, std::string_view after) override;
  std::vector<TenantId> tenants() override;
  bool remove_if_older(TenantId tenant, std::string_view name, Time time) override;
  std::shared_ptr<void> hold() override { return guard_->hold(); }

 private:
  S3Answer ask(const S3Request& request);
  std::string each_listed(const S3Request& request, std::string_view entry, std::string_view element,
                          const std::function<void(std::string_view)>& take);

  S3Client client_;
  store::Spool spool_;
  std::unique_ptr<store::BlobGuard> guard_;
};

}  // namespace interlock::providers
