#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/base/error.hpp"
#include "providers/aws/client/client.hpp"

namespace strata::aws {

/// True when S3 says that there is no such object; a bucket that is missing, and "access denied", say nothing about objects.
bool says_no_such_object(const Error& error);
/// True when the condition of a write did not hold: 412, or 404 where an object was to be replaced.
bool says_condition_failed(const Error& error);
/// True when S3 asks to try a conditional write again, because another request on the same object was under way (409).
bool asks_to_try_again(const Error& error);
/// True when the object has to be looked at to learn whether a write that ended so was carried out.
bool leaves_outcome_open(const Error& error);

/// The error with the object's place in it, and what to do about it.
/// @param place    "s3://bucket/prefix/name"
/// @param options  of the client whose call failed
Error explained(Error error, std::string_view place, std::string_view bucket, const ClientOptions& options);

/// Somebody else's content is where this run's was to be.
Error changed_by_another(std::string_view place);
/// A write was refused again and again although nobody else has written.
Error never_accepted(Error refusal, std::string_view place);
/// Content that S3 would take, but that could not be read again.
Error too_large(std::size_t bytes, std::size_t most, std::string_view place);
/// Neither the write nor the look at the object gave a definite answer.
Error outcome_not_found_out(const Error& write, Error look);

}  // namespace strata::aws
