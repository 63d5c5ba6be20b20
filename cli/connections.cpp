#include "cli/connections.hpp"

#include <utility>

#include "engine/wire/http.hpp"

namespace strata::cli {

Connections::Connections(Clock& clock, Variables variables, Trace trace)
    : clock_{clock}, variables_{std::move(variables)}, trace_{std::move(trace)} {}

Connections::~Connections() = default;

Result<wire::Http*> Connections::http() {
    const std::scoped_lock hold{mutex_};
    if (http_) return http_.get();
    wire::HttpOptions options;
    options.user_agent = "strata/" STRATA_VERSION;
    options.environment = variables_;
    auto started = wire::Http::start(std::move(options));
    if (!started) return std::move(started).error();
    http_ = std::move(*started);
    if (stopped_) http_->stop();
    return http_.get();
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
