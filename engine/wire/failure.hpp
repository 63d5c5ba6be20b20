#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/error.hpp"
#include "engine/wire/http.hpp"

namespace strata::wire {

/// Why an exchange brought no answer.
enum class Failure : std::uint8_t {
    bad_request,  ///< address, method or header that cannot be sent
    file,         ///< the file to send cannot be read
    dns,
    proxy,
    connect,
    ca_bundle,    ///< no file of trusted authorities, or an unusable one
    certificate,  ///< the server's certificate was refused
    tls,          ///< any other failure of the handshake
    connect_timeout,
    timeout,
    stalled,
    reset,      ///< the connection broke, or ended without an answer
    truncated,  ///< the answer is shorter than announced
    too_long,   ///< body over the request's limit
    headers_too_long,
    not_http,
    interrupted,
};

struct FailureFacts {
    Failure what = Failure::reset;
    bool sent = false;        ///< at least one byte of the request left
    std::string detail = {};  ///< the library's or system's own words
    std::string ca_bundle = {};
};

/// The error for a request that failed; its code is code_sent or code_not_sent.
Error http_error(const FailureFacts& facts, const Request& request);

/// The name or value of a header or a URL that would break the request apart (control characters);
/// empty when all is well.
std::string unsendable_part(const Request& request);

}  // namespace strata::wire
