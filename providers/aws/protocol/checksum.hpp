#pragma once

#include "providers/aws/protocol/protocol.hpp"

namespace strata::aws {

/// Adds the checksum that an operation wants over its body (`httpChecksum`, `httpChecksumRequired`), unless the caller
/// gave one. Operations that let the caller choose get CRC32 (the default) or SHA256 in `x-amz-checksum-...`, others
/// `Content-MD5`. A body that is sent from a file gets none: the signature covers it.
/// @errors invalid_program when the caller chose another algorithm and gave no checksum
Status add_checksum(const Operation& operation, Serialized& request);

}  // namespace strata::aws
