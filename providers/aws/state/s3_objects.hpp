#pragma once

#include <memory>
#include <string>

#include "engine/state/object_store.hpp"
#include "engine/wire/retry.hpp"
#include "providers/aws/client/client.hpp"

namespace strata::aws {

/// Where the objects of an environment lie.
struct S3Location {
    std::string bucket;
    std::string prefix = {};  ///< without slashes at either end; "" when the bucket has nothing else
};

/// How long a write is repeated that S3 refuses because another request on the same object is under way (409).
struct S3Patience {
    int attempts = 10;
    wire::Backoff pauses{.base = Milliseconds{50}, .cap = Milliseconds{1'000}};
};

/// Objects in a bucket of S3, or of a service that speaks S3's language. A version is an ETag; a write is a PutObject with
/// If-Match or If-None-Match (S3 user guide, "Conditional writes"), with a checksum, so that half an upload is refused. Encryption
/// at rest is left to the bucket.
///
/// A write is sent again when its answer is lost. Where its condition then fails, or no answer comes at all, the object is read
/// back: content that is the same byte for byte is the write's own.
/// @param client  of the identity that may use the bucket. Its HTTP must outlive the store.
std::unique_ptr<ObjectStore> s3_objects(std::unique_ptr<Client> client, S3Location where, S3Patience patience = {});

}  // namespace strata::aws
