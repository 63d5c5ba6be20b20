#include "cli/connections.hpp"

#include <utility>

#include "engine/wire/http.hpp"

namespace strata::cli {

Connections::Connections(Clock& clock, Variables variables, Trace trace)
    : clock_{clock}, variables_{std::move(variables)}, trace_{std::move(trace)} {}

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
