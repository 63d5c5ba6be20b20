#pragma once

#include <cstdint>
#include <string_view>

#include "engine/base/error.hpp"

namespace strata::aws {

/// What to do after an attempt that brought no good answer.
enum class Verdict : std::uint8_t {
    give_up,              ///< the error is the answer
    wait_throttled,       ///< ask again, more slowly
    retry,                ///< ask again after a short while
    correct_clock,        ///< sign again with the server's time
    refresh_credentials,  ///< sign again with new credentials
    change_region,        ///< S3: the bucket lives elsewhere
    outcome_unknown,      ///< it may have been carried out, and must not be repeated blindly
};

/// One failed attempt, and what is known about the call.
struct Attempt {
    const Error* error = nullptr;
    int status = 0;             ///< 0: there was no answer
    bool repeatable = false;    ///< read-only, carries a token, or is marked so
    bool host_known = false;    ///< it has answered this client before
    bool clock_is_off = false;  ///< the answer's Date is minutes away from ours
    bool other_region = false;  ///< S3 named another region
    int failures = 0;           ///< earlier attempts of this call that failed for other reasons than throttling
    int throttles = 0;
    int max_retries = 12;
    bool clock_corrected = false;  ///< already, for this call
    bool credentials_refreshed = false;
    bool region_changed = false;
};

Verdict judge(const Attempt& attempt);

/// botocore's list of codes that mean "too fast".
bool is_throttle_code(std::string_view code);
/// True when the request went out and its answer came in pieces, or the connection broke before: the server is there, and
/// something between here and it is broken.
bool broke_off(const Error& error, int status);
/// True when the failed attempt may have been carried out all the same: it was sent, and what came back,
/// if anything, says nothing about it.
bool may_have_acted(const Error& error, int status);

}  // namespace strata::aws
