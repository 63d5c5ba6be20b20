#include "providers/aws/protocol/checksum.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "engine/base/crypto.hpp"
#include "engine/base/encoding.hpp"
#include "engine/base/text.hpp"

namespace strata::aws {

namespace {

constexpr std::string_view algorithm_header = "x-amz-sdk-checksum-algorithm";
constexpr std::string_view value_prefix = "x-amz-checksum-";

bool carries_checksum(const wire::Headers& headers) {
    if (headers.find("Content-MD5")) return true;
    return std::ranges::any_of(headers, [](const auto& field) {
        const auto name = lower(field.first);
        return name.starts_with(value_prefix) && name != "x-amz-checksum-mode" && name != "x-amz-checksum-type" &&
               name != "x-amz-checksum-algorithm";
    });
}

/// Four bytes, the highest first, in base64: as S3 wants a CRC-32.
std::string crc32_text(std::string_view body) {
    const auto sum = crc32(body);
    std::string bytes;
    for (const unsigned shift : {24U, 16U, 8U, 0U}) bytes += static_cast<char>((sum >> shift) & 0xFFU);
    return base64_encode(bytes);
}

Error not_computed_here(const Operation& operation, std::string_view algorithm) {
    return Error{.kind = ErrorKind::invalid_program,
                 .summary = "Checksum algorithm not available",
                 .cause = fmt::format("{}: {} is \"{}\", and no checksum is given.", operation.name, operation.checksum_member, algorithm),
                 .remedy = "Choose CRC32 or SHA256, or leave it out."};
}

}  // namespace

Status add_checksum(const Operation& operation, Serialized& request) {
    const auto member = operation.checksum_member;
    const bool wanted = operation.checksum_required || !member.empty();
    if (!wanted || !request.body_file.empty() || carries_checksum(request.headers)) return {};
    if (member.empty()) {
        request.headers.set("Content-MD5", base64_encode(md5(request.body)));
        return {};
    }

    const auto* header = request.headers.find(algorithm_header);
    const std::string algorithm = header ? *header : "CRC32";
    if (algorithm != "CRC32" && algorithm != "SHA256") return not_computed_here(operation, algorithm);
    request.headers.set(algorithm_header, algorithm);
    if (algorithm == "CRC32") request.headers.set("x-amz-checksum-crc32", crc32_text(request.body));
    else request.headers.set("x-amz-checksum-sha256", base64_encode(sha256(request.body)));
    return {};
}

}  // namespace strata::aws
