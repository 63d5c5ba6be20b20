#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/base/environment.hpp"
#include "engine/base/error.hpp"

namespace strata::wire {

/// Where distributions keep the file of trusted certificate authorities, most common first.
std::span<const std::string_view> usual_ca_bundles();

/// The file of certificate authorities to trust: `wanted` when not empty, else AWS_CA_BUNDLE,
/// SSL_CERT_FILE or CURL_CA_BUNDLE, else the first of `usual` that can be read.
/// @errors io when a file that was asked for cannot be read (never falls back to another), or when none
/// was found: then every path tried is named
Result<std::string> find_ca_bundle(const std::string& wanted, const Variables& environment, std::span<const std::string_view> usual);

}  // namespace strata::wire
