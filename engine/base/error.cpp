#include "engine/base/error.hpp"

#include <fmt/format.h>

#include "engine/base/text.hpp"

namespace strata {

std::string Location::text() const {
    if (!known()) return {};
    return line == 0 ? file : fmt::format("{}:{}", file, line);
}

std::string Error::text() const {
    std::string out = summary;
    if (location.known() && cause.find(location.text()) == std::string::npos) out += fmt::format(" ({})", location.text());
    for (const auto* part : {&cause, &remedy}) {
        if (part->empty()) continue;
        out += '\n';
        out += indented(*part, 2);
    }
    return out;
}

std::string_view name_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::usage: return "usage";
        case ErrorKind::invalid_config: return "invalid_config";
        case ErrorKind::invalid_program: return "invalid_program";
        case ErrorKind::declined: return "declined";
        case ErrorKind::credentials: return "credentials";
        case ErrorKind::network: return "network";
        case ErrorKind::timeout: return "timeout";
        case ErrorKind::throttled: return "throttled";
        case ErrorKind::access_denied: return "access_denied";
        case ErrorKind::not_found: return "not_found";
        case ErrorKind::conflict: return "conflict";
        case ErrorKind::service: return "service";
        case ErrorKind::protocol: return "protocol";
        case ErrorKind::resources_failed: return "resources_failed";
        case ErrorKind::lock_held: return "lock_held";
        case ErrorKind::state_unreadable: return "state_unreadable";
        case ErrorKind::state_not_saved: return "state_not_saved";
        case ErrorKind::wrong_account: return "wrong_account";
        case ErrorKind::stale_plan: return "stale_plan";
        case ErrorKind::outcome_unknown: return "outcome_unknown";
        case ErrorKind::interrupted: return "interrupted";
        case ErrorKind::io: return "io";
        case ErrorKind::internal: return "internal";
    }
    return "internal";
}

}  // namespace strata
