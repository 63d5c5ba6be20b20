#include "cli/connections.hpp"

#include <utility>

#include <fmt/format.h>

#include "engine/base/encoding.hpp"
#include "engine/wire/http.hpp"

namespace strata::cli {

namespace {

/// A proxy that refuses may repeat what it was sent: "user:password" in base64.
void add_password(const std::string& address, KnownSecrets& secrets) {
    const auto scheme = address.find("://");
    const auto begin = scheme == std::string::npos ? 0 : scheme + 3;
    const auto end = address.rfind('@');
    const auto colon = address.find(':', begin);
    if (end == std::string::npos || colon == std::string::npos || colon > end) return;
    const auto user = address.substr(begin, colon - begin);
    const auto password = address.substr(colon + 1, end - colon - 1);
    secrets.add(password);
    secrets.add(percent_decode(password));
    secrets.add(fmt::format("{}:{}", percent_decode(user), percent_decode(password)));
}

}  // namespace

Connections::Connections(Clock& clock, Variables variables, Trace trace)
    : clock_{clock}, variables_{std::move(variables)}, trace_{std::move(trace)} {
    // curl reads them in small letters, and all but the first in capitals too.
    for (const auto* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
        if (const auto address = variables_(name)) add_password(*address, secrets_);
}

Connections::~Connections() = default;

Result<wire::Http*> Connections::started(std::unique_ptr<wire::Http>& http) const {
    if (http) return http.get();
    wire::HttpOptions options;
    options.user_agent = "strata/" STRATA_VERSION;
    options.environment = variables_;
    auto made = wire::Http::start(std::move(options));
    if (!made) return std::move(made).error();
    http = std::move(*made);
    return http.get();
}

Result<wire::Http*> Connections::http() {
    const std::scoped_lock hold{mutex_};
    auto http = started(http_);
    if (http && stopped_) (*http)->stop();
    return http;
}

Result<wire::Http*> Connections::state_http() {
    const std::scoped_lock hold{mutex_};
    return started(state_http_);
}

void Connections::stop() {
    const std::scoped_lock hold{mutex_};
    stopped_ = true;
    if (http_) http_->stop();
}

std::uint64_t Connections::requests() {
    const std::scoped_lock hold{mutex_};
    return http_ ? http_->counters().requests : 0;
}

}  // namespace strata::cli
