#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "config/reader.hpp"
#include "engine/base/error.hpp"

namespace strata {

/// Where an environment's state is kept, and with S3 as whom.
struct StateLocation {
    enum class Kind : std::uint8_t { folder, s3 };

    Kind kind = Kind::folder;
    std::filesystem::path folder = {};  ///< with Kind::folder

    // With Kind::s3. What the file does not say of identity comes from where AWS's own tools look for it, not from a provider.
    std::string bucket = {};
    std::string prefix = {};                      ///< without slashes at either end; may be ""
    std::string region = {};                      ///< the environment's when the file names none
    std::optional<std::string> endpoint = {};     ///< of another store than AWS's that speaks S3's language
    std::optional<std::string> profile = {};      ///< of the shared AWS files
    std::optional<std::string> assume_role = {};  ///< ARN
    std::optional<std::string> external_id = {};
    friend bool operator==(const StateLocation&, const StateLocation&) = default;
};

/// "s3://bucket/prefix" or a folder. @errors invalid_config for what is neither, and for names that S3 does not take
Result<StateLocation> parse_state_location(std::string_view text);

/// Reads `state:` of an environment's header, in either form:
///
///     state: .strata/state                 # a folder; relative ones count from `root`
///     state: {url: s3://bucket/prefix, region, profile, endpoint, assume_role, external_id}
///
/// @param region  the environment's
StateLocation read_state_location(ConfigReader& header, const std::filesystem::path& root, const std::string& region);

/// Demands that several settings share.
Check is_region();
Check is_url();

/// `profile`, `assume_role` and `external_id` of a section: as whom calls are made.
template <typename Made>
void read_identity(ConfigReader& section, Made& made) {
    made.profile = section.maybe<std::string>("profile", not_empty());
    made.assume_role = section.maybe<std::string>("assume_role", matching("arn:[a-z-]+:iam::[0-9]{12}:role/.+", "the ARN of a role"));
    made.external_id = section.maybe<std::string>("external_id", not_empty());
    if (made.external_id && !section.has("assume_role"))
        section.report("external_id", {"has no use without \"assume_role\".", "Name the role, or remove the line."});
}

}  // namespace strata
